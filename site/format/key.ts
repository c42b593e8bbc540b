const WRITTEN = /^(account-hash-|uref-|hash-)?([0-9a-fA-F]{16,})(-\d{3})?$/

/** The digits that tell one key from another, without what says its kind or a purse's access rights. */
function toDigits(text: string): string {
  return WRITTEN.exec(text)?.[2] ?? text
}

/** Middle-shortened: `0143…9f2c`, a purse `uref-51ab…6c11`. Short texts stay whole. */
export function toShortKey(text: string): string {
  const digits = toDigits(text)
  if (digits.length <= 12) return text
  return `${text.startsWith('uref-') ? 'uref-' : ''}${digits.slice(0, 4)}…${digits.slice(-4)}`
}

/** Which of the eight series colours stands for a key, by its bytes: the same key has the same dot everywhere. */
export function toDot(key: string): number {
  const text = toDigits(key)
  let sum = 0
  // The first byte of a key names its algorithm and the last ones tell keys apart.
  for (let i = Math.max(0, text.length - 8); i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0
  return (sum % 8) + 1
}

/** A second, independent mark: one of four shapes of the dot, so that 32 looks exist and colour is not alone. */
export function toDotShape(key: string): number {
  const text = toDigits(key)
  let sum = 7
  for (let i = 2; i < Math.min(10, text.length); i++) sum = (sum * 17 + text.charCodeAt(i)) >>> 0
  return sum % 4
}
