/**
 * Whether a caller's secret is the right one. Every character of the given text is looked at, whatever it is, so that
 * the time taken tells nothing of the right one but, at most, that lengths differ.
 */
export function isSecret(given: string | null | undefined, secret: string | undefined): boolean {
  if (given === null || given === undefined || secret === undefined || secret === '') return false
  let difference = given.length ^ secret.length
  for (let i = 0; i < given.length; i++) {
    difference |= given.charCodeAt(i) ^ secret.charCodeAt(i % secret.length)
  }
  return difference === 0
}

/** The token of an `Authorization: Bearer …` header; null when there is none. */
export function toBearer(header: string | null): string | null {
  return header === null ? null : (/^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1] ?? null)
}
