import type { Field } from '../decode/field.ts'
import type { Bytes } from './bytes.ts'
import { writeClType } from './cl-type.ts'

/**
 * Writes `[[name, {cl_type, bytes, parsed}], …]` as it is hashed (casper-types, `RuntimeArgs`): in this order, without the
 * `parsed` reading, which is the node's courtesy.
 * @throws {DecodeFault}
 */
export function writeArgs(bytes: Bytes, args: Field): void {
  bytes.list(args.list(), (pair) => {
    const [name, value, ...rest] = pair.list()
    if (name === undefined || value === undefined || rest.length > 0) throw pair.fault('a name and a value')
    value.only('cl_type', 'bytes', 'parsed')
    bytes.text(name.text())
    writeHexBlob(bytes, value.get('bytes'))
    writeClType(bytes, value.get('cl_type'))
  })
}

/** A byte list that the JSON has as hex. @throws {DecodeFault} */
export function writeHexBlob(bytes: Bytes, field: Field): void {
  const text = field.text()
  try {
    bytes.hexBlob(text)
  } catch {
    throw field.fault('hex digits')
  }
}
