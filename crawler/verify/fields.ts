import type { Field } from '../decode/field.ts'
import type { Bytes } from './bytes.ts'

/** A byte list that the JSON has as hex. @throws {DecodeFault} */
export function writeHexBlob(bytes: Bytes, field: Field): void {
  const text = field.text()
  try {
    bytes.hexBlob(text)
  } catch {
    throw field.fault('hex digits')
  }
}

/** A name. Half of a character that needs two would be hashed as another one. @throws {DecodeFault} */
export function writeText(bytes: Bytes, field: Field): void {
  const text = field.text()
  if (!text.isWellFormed()) throw field.fault('a text of whole characters')
  bytes.text(text)
}
