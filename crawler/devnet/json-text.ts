/**
 * Work on JSON as text. Answers are handed on byte for byte, and some of their numbers are above 2^53:
 * a value that went through a double would be another value. So spans are cut out and put back, and
 * nothing is ever parsed and printed again.
 */

const QUOTE = 34
const BACKSLASH = 92

/** Index just behind the JSON string that starts at `at`. */
function skipString(text: Buffer, at: number): number {
  for (let end = text.indexOf(QUOTE, at + 1); end !== -1; end = text.indexOf(QUOTE, end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  throw new Error(`a string that begins at byte ${at} does not end`)
}

/** Index just behind the JSON value that starts at `at`; white space between values is not expected. */
export function skipValue(text: Buffer, at: number): number {
  const first = text[at]
  if (first === QUOTE) return skipString(text, at)
  if (first !== 0x7b && first !== 0x5b) {
    let end = at
    while (end < text.length && !',}]\n'.includes(String.fromCharCode(text[end] ?? 0))) end++
    return end
  }
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const byte = text[i]
    if (byte === QUOTE) i = skipString(text, i) - 1
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return i + 1
  }
  throw new Error(`a value that begins at byte ${at} does not end`)
}

/** Where the value of the first member called `name` lies at or after `from`; null when there is none. */
export function memberSpan(text: Buffer, name: string, from = 0): { start: number; end: number } | null {
  const label = `"${name}":`
  const at = text.indexOf(label, from, 'latin1')
  if (at === -1) return null
  const start = at + label.length
  return { start, end: skipValue(text, start) }
}

/** The text of the first member called `name`, or null. */
export function memberText(text: Buffer, name: string, from = 0): Buffer | null {
  const span = memberSpan(text, name, from)
  return span && text.subarray(span.start, span.end)
}

/** `text` with the value of the first member called `name` replaced; unchanged when there is none. */
export function replaceMember(text: Buffer, name: string, value: string | Buffer): Buffer {
  const span = memberSpan(text, name)
  if (span === null) return text
  return Buffer.concat([text.subarray(0, span.start), Buffer.from(value), text.subarray(span.end)])
}

/** Replaces every occurrence of one ASCII text by another. */
export function replaceText(text: Buffer, from: string, to: string): Buffer {
  if (text.indexOf(from, 0, 'latin1') === -1) return text
  // latin1 maps bytes to code units one to one, so whatever else is in there comes back as it was.
  return Buffer.from(text.toString('latin1').replaceAll(from, to), 'latin1')
}

/** JSON of a value with the members of every object in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = value as Readonly<Record<string, unknown>>
    let text = ''
    for (const name of Object.keys(members).sort()) {
      text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(members[name])}`
    }
    return `{${text}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Parses JSON with its integers as bigint, so that none loses digits. */
export function parseExact(text: string): unknown {
  type Context = { source?: string }
  const revive = (_key: string, value: unknown, context?: Context): unknown =>
    typeof value === 'number' && context?.source && /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown)
}
