import type { Field } from '../decode/field.ts'
import type { Bytes } from './bytes.ts'
import { writeClType } from './cl-type.ts'
import { writeHexBlob, writeText } from './fields.ts'

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
    writeText(bytes, name)
    writeHexBlob(bytes, value.get('bytes'))
    writeClType(bytes, value.get('cl_type'))
  })
}
