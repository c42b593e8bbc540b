/** Milliseconds since 1970, UTC: the chain's own unit. */
export type Ms = number

const ISO = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

/** ISO 8601 with milliseconds. */
export function toIso(time: Ms): string {
  return new Date(time).toISOString()
}

/**
 * RFC 3339 date and time; a date alone or a time without a zone is refused, since it would mean different
 * instants to different readers.
 * @throws {SyntaxError}
 */
export function parseTime(text: string): Ms {
  const time = ISO.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new SyntaxError(`Not an RFC 3339 time: ${JSON.stringify(text)}`)
  return time
}
