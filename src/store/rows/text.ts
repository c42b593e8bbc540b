/**
 * A text that fits its column, cut visibly: what was longer ends in an ellipsis. Counted in code points, as MySQL
 * counts, so that no emoji is cut in half; lone surrogates, which UTF-8 cannot hold, become U+FFFD.
 * @param length most code points that the column takes
 */
export function fitText(value: string, length: number): string {
  const text = value.toWellFormed()
  // UTF-16 units are never fewer than code points: nearly every text ends here.
  if (text.length <= length) return text
  const points = Array.from(text)
  return points.length <= length ? text : `${points.slice(0, length - 1).join('')}…`
}

export function fitNullable(value: string | null, length: number): string | null {
  return value === null ? null : fitText(value, length)
}
