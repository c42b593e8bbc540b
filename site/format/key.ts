/** Middle-shortened: `0143…9f2c`. Short texts stay whole. */
export function toShortKey(text: string): string {
  return text.length > 12 ? `${text.slice(0, 4)}…${text.slice(-4)}` : text
}

/** Which of the eight series colours stands for a key, by its bytes: the same key has the same dot everywhere. */
export function toDot(text: string): number {
  let sum = 0
  // The first byte of a key names its algorithm and the last ones tell keys apart.
  for (let i = Math.max(0, text.length - 8); i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0
  return (sum % 8) + 1
}

/** A second, independent mark: one of four shapes of the dot, so that 32 looks exist and colour is not alone. */
export function toDotShape(text: string): number {
  let sum = 7
  for (let i = 2; i < Math.min(10, text.length); i++) sum = (sum * 17 + text.charCodeAt(i)) >>> 0
  return sum % 4
}
