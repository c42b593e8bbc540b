import { Fault } from './fault.ts'

/**
 * A piece of SQL as MySQL's own lexer would cut it, under the sql_mode that `pool.ts` sets: backslash escapes
 * on, double quotes around strings. Strings are kept as an empty mark, since what is in them cannot act.
 */
export interface Token {
  kind: 'word' | 'identifier' | 'string' | 'mark'
  /** upper case for words and identifiers, the character for marks */
  text: string
  /** follows a dot that qualifies (`t.update`): a name even when the word is reserved */
  name: boolean
}

/**
 * @throws Fault for text whose reading would depend on the engine or its version: comments that are executed,
 *   quotes or comments that do not end, control characters, a backslash outside quotes
 */
export function tokens(sql: string): Token[] {
  const found: Token[] = []
  let position = 0
  while (position < sql.length) {
    const code = sql.charCodeAt(position)
    if (code === 32 || (code >= 9 && code <= 13)) {
      position++
    } else if (isWord(code)) {
      let end = position + 1
      while (end < sql.length && isWord(sql.charCodeAt(end))) end++
      found.push({ kind: 'word', text: sql.slice(position, end).toUpperCase(), name: qualified(found) })
      position = end
    } else if (code === 39 || code === 34) {
      position = endOfQuoted(sql, position, true)
      found.push({ kind: 'string', text: '', name: false })
    } else if (code === 96) {
      const end = endOfQuoted(sql, position, false)
      const text = sql.slice(position + 1, end - 1).toUpperCase()
      found.push({ kind: 'identifier', text, name: qualified(found) })
      position = end
    } else if (startsComment(sql, position)) {
      position = endOfComment(sql, position)
    } else if (code < 32 || code === 127 || code === 92) {
      throw refusal('it holds a control character or a backslash outside quotes')
    } else {
      found.push({ kind: 'mark', text: sql[position] ?? '', name: false })
      position++
    }
  }
  return found
}

export function refusal(reason: string): Fault {
  return new Fault('PERMISSION_DENIED', `the gateway refuses this statement: ${reason}`)
}

/** Letters, digits, underscore, dollar and everything outside ASCII. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code >= 128
  )
}

/** `1.INTO` is a number and a keyword, `t.into` is a column. */
function qualified(found: readonly Token[]): boolean {
  const dot = found.at(-1)
  const owner = found.at(-2)
  if (dot?.kind !== 'mark' || dot.text !== '.' || owner === undefined) return false
  return owner.kind === 'identifier' || (owner.kind === 'word' && !/^[0-9]/.test(owner.text))
}

function endOfQuoted(sql: string, start: number, escapes: boolean): number {
  const quote = sql[start]
  for (let position = start + 1; position < sql.length; position++) {
    const character = sql[position]
    if (escapes && character === '\\') {
      position++
    } else if (character === quote) {
      if (sql[position + 1] !== quote) return position + 1
      position++
    }
  }
  throw refusal('a quote is not closed')
}

function startsComment(sql: string, position: number): boolean {
  const character = sql[position]
  const next = sql[position + 1]
  if (character === '#') return true
  if (character === '/' && next === '*') return true
  // Two dashes alone are a double minus; the server wants white space, a control character or the end after them.
  return character === '-' && next === '-' && !(sql.charCodeAt(position + 2) > 32)
}

function endOfComment(sql: string, start: number): number {
  if (sql[start] !== '/') {
    const newline = sql.indexOf('\n', start)
    return newline === -1 ? sql.length : newline + 1
  }
  // MySQL runs what stands in /*! */, MariaDB also /*M! */, both depending on their version.
  if (/^\/\*M?!/i.test(sql.slice(start, start + 4))) throw refusal('a comment in it would be executed')
  const end = sql.indexOf('*/', start + 2)
  if (end === -1) throw refusal('a comment is not closed')
  return end + 2
}
