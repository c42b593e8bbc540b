import { refusal, type Token, tokens } from './tokens.ts'

/**
 * What a statement does to a session.
 * read: rows, any connection. write and define (DDL): only where writing is allowed. begin, commit, rollback: open
 * and close a session. savepoint: inside one only. settled: asks for what always holds, nothing to run.
 */
export type StatementKind =
  | 'read'
  | 'write'
  | 'define'
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'savepoint'
  | 'settled'

const READS = new Set(['SELECT', 'WITH', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC'])
const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'REPLACE'])
const DEFINITIONS = new Set(['CREATE', 'ALTER', 'DROP', 'TRUNCATE'])

/** Reserved words that no read needs: they write, lock rows or make files. Backquotes make them names. */
const WRITING_WORDS = ['INTO', 'OUTFILE', 'DUMPFILE', 'UPDATE', 'DELETE', 'LOCK']
/** Words that write, and are also names of harmless functions of text. */
const WRITING_UNLESS_CALLED = new Set(['INSERT', 'REPLACE'])

/** Functions that wait, lock, burn time, read files or move a sequence. */
const REFUSED_FUNCTIONS = new Set([
  'SLEEP',
  'BENCHMARK',
  'GET_LOCK',
  'RELEASE_LOCK',
  'RELEASE_ALL_LOCKS',
  'LOAD_FILE',
  'MASTER_POS_WAIT',
  'SOURCE_POS_WAIT',
  'MASTER_GTID_WAIT',
  'WAIT_FOR_EXECUTED_GTID_SET',
  'WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS',
  'NEXTVAL',
  'SETVAL',
])

/** Sights that hold passwords' hashes or other clients' statements. */
const REFUSED_SHOWS = new Set(['GRANTS', 'USER', 'PROCESSLIST'])

/** Whole statements about transactions; an optional WORK has been taken out. */
const TRANSACTION: Record<string, StatementKind> = {
  BEGIN: 'begin',
  'START TRANSACTION': 'begin',
  'START TRANSACTION READ ONLY': 'begin',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT': 'begin',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT , READ ONLY': 'begin',
  COMMIT: 'commit',
  ROLLBACK: 'rollback',
}

const SETTLED = /^SET (SESSION )?TRANSACTION READ ONLY$/

/**
 * The second of two locks: the first is that the gateway's account may only SELECT.
 *
 * @throws Fault PERMISSION_DENIED with the reason; it names keywords only, never values
 */
export function parseStatement(sql: string, options: { readOnly: boolean }): StatementKind {
  const list = withoutEnd(tokens(sql))
  const first = list.find((token) => token.text !== '(')
  if (first?.kind !== 'word') throw refusal('it does not begin with a word of SQL')

  const transaction = transactionKind(list, options.readOnly)
  if (transaction !== undefined) return transaction

  if (READS.has(first.text)) {
    // Where writing is allowed, a WITH may end in UPDATE and a SELECT may lock.
    const writes = writingWord(list)
    if (writes !== undefined && !options.readOnly) return 'write'
    if (writes !== undefined) throw refusal(`${writes} is not allowed, it may only read`)
    checkFunctions(list)
    if (first.text === 'SHOW') checkShow(list)
    return 'read'
  }
  if (!options.readOnly && WRITES.has(first.text)) return 'write'
  if (!options.readOnly && DEFINITIONS.has(first.text)) return 'define'
  throw refusal(`it begins with ${shown(first)}; SELECT, WITH, SHOW, EXPLAIN and DESCRIBE are allowed`)
}

/** Takes off closing semicolons; one before anything else means a second statement. */
function withoutEnd(list: Token[]): Token[] {
  const end = list.findIndex((token) => token.kind === 'mark' && token.text === ';')
  if (end === -1) return list
  if (list.slice(end).some((token) => token.text !== ';')) throw refusal('it is more than one statement')
  return list.slice(0, end)
}

function transactionKind(list: readonly Token[], readOnly: boolean): StatementKind | undefined {
  if (list.length > 8) return undefined
  const words = list
    .filter((token) => token.text !== 'WORK')
    .map((token) => (token.kind === 'identifier' ? '`' : token.text))
  const text = words.join(' ')
  if (Object.hasOwn(TRANSACTION, text)) return TRANSACTION[text]
  // Every session of a reading gateway is READ ONLY from its first moment.
  if (readOnly && SETTLED.test(text)) return 'settled'
  if (/^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO|ROLLBACK TO SAVEPOINT) (`|[A-Z_][A-Z0-9_]*)$/.test(text)) {
    return 'savepoint'
  }
  return undefined
}

/** @returns the keyword that makes this more than a read */
function writingWord(list: readonly Token[]): string | undefined {
  for (const [index, token] of list.entries()) {
    const next = list[index + 1]
    // A variable of the user outlives the statement and would be seen by the connection's next user.
    if (token.text === ':' && next?.text === '=') return ':='
    if (token.kind !== 'word' || token.name) continue
    const word = keyword(token.text)
    if (word !== undefined) return word
    if (WRITING_UNLESS_CALLED.has(token.text) && next?.text !== '(') return token.text
    if (token.text === 'FOR' && next?.text === 'SHARE') return 'FOR SHARE'
    if (token.text === 'NEXT' && next?.text === 'VALUE') return 'NEXT VALUE'
  }
  return undefined
}

/** The server reads `1e5INTO` and the end of `1.5INTO` as a number and a keyword: no space is needed between. */
function keyword(text: string): string | undefined {
  if (/^[0-9]/.test(text)) return WRITING_WORDS.find((word) => text.endsWith(word))
  return WRITING_WORDS.includes(text) ? text : undefined
}

/** Backquotes and a space before the parenthesis do not keep the server from calling a function. */
function checkFunctions(list: readonly Token[]): void {
  for (const [index, token] of list.entries()) {
    if (token.kind !== 'word' && token.kind !== 'identifier') continue
    if (list[index + 1]?.text !== '(' || !REFUSED_FUNCTIONS.has(token.text)) continue
    throw refusal(`the function ${token.text} is not allowed`)
  }
}

function checkShow(list: readonly Token[]): void {
  // Only the words before a name or a pattern say what is shown.
  for (const token of list.slice(1, 4)) {
    if (token.kind !== 'word' || token.text === 'FROM' || token.text === 'LIKE') return
    if (REFUSED_SHOWS.has(token.text)) throw refusal(`SHOW ${token.text} is not allowed`)
  }
}

/** A value that came first is not repeated. */
function shown(token: Token): string {
  return /^[A-Z]{2,12}$/.test(token.text) ? token.text : 'something else'
}
