import { type Accept, parseAccept } from 'hono/utils/accept'

/**
 * Whether CSV is worth more to the client than JSON, the ordinary form. Of two that are worth the same, the one
 * that is named: browsers send a wildcard.
 * @param header `Accept`
 */
export function prefersCsv(header: string | null): boolean {
  // What nearly all programs send.
  if (header === null || header === '*/*') return false
  const ranges = parseAccept(header)
  const csv = findRange(ranges, 'text/csv')
  const json = findRange(ranges, 'application/json')
  const [csvWorth, jsonWorth] = [csv?.q ?? 0, json?.q ?? 0]
  if (csvWorth !== jsonWorth) return csvWorth > jsonWorth
  return csvWorth > 0 && isNamed(csv) && !isNamed(json)
}

function isNamed(range: Accept | undefined): boolean {
  return range !== undefined && !range.type.includes('*')
}

/** Whether a page is worth anything to the client by its own name: a person with a browser. */
export function acceptsHtml(header: string | null): boolean {
  if (!header?.toLowerCase().includes('text/html')) return false
  return (findRange(parseAccept(header), 'text/html')?.q ?? 0) > 0
}

/** The range that says what a media type is worth to the client: the most specific one (RFC 9110, 12.5.1). */
function findRange(ranges: readonly Accept[], type: string): Accept | undefined {
  const main = type.slice(0, type.indexOf('/'))
  for (const name of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((one) => one.type.toLowerCase() === name)
    if (range !== undefined) return range
  }
  return undefined
}
