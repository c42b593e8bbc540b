import type { Field } from '../decode/field.ts'
import type { Bytes } from './bytes.ts'

/** casper-types, `cl_type.rs`: the tags of types that hold no other. */
const SIMPLE: ReadonlyMap<unknown, number> = new Map([
  ['Bool', 0],
  ['I32', 1],
  ['I64', 2],
  ['U8', 3],
  ['U32', 4],
  ['U64', 5],
  ['U128', 6],
  ['U256', 7],
  ['U512', 8],
  ['Unit', 9],
  ['String', 10],
  ['Key', 11],
  ['URef', 12],
  ['Any', 21],
  ['PublicKey', 22],
])

const TUPLES: ReadonlyMap<string, readonly [tag: number, size: number]> = new Map([
  ['Tuple1', [18, 1]],
  ['Tuple2', [19, 2]],
  ['Tuple3', [20, 3]],
])

/** casper-types, `CL_TYPE_RECURSION_DEPTH`: nodes take nothing that is nested deeper. */
const DEEPEST = 50

/** Writes the type of an argument, `"U512"` or `{"Option": "U64"}`, as it is hashed. @throws {DecodeFault} */
export function writeClType(bytes: Bytes, type: Field, depth = 1): void {
  const simple = SIMPLE.get(type.value)
  if (simple !== undefined) {
    bytes.u8(simple)
    return
  }
  if (depth === DEEPEST) throw type.fault(`a type nested less than ${DEEPEST} deep`)
  const inner = (field: Field) => writeClType(bytes, field, depth + 1)
  const [name, content] = type.variant()
  switch (name) {
    case 'Option':
      bytes.u8(13)
      return inner(content)
    case 'List':
      bytes.u8(14)
      return inner(content)
    case 'ByteArray':
      bytes.u8(15).u32(content.int(U32_MAX))
      return
    case 'Result':
      bytes.u8(16)
      inner(content.only('ok', 'err').get('ok'))
      return inner(content.get('err'))
    case 'Map':
      bytes.u8(17)
      inner(content.only('key', 'value').get('key'))
      return inner(content.get('value'))
  }
  const [tag, size] = TUPLES.get(name) ?? []
  const members = tag === undefined ? null : content.list()
  if (tag === undefined || members?.length !== size) throw type.fault('a known type of a value')
  bytes.u8(tag)
  for (const member of members ?? []) inner(member)
}

const U32_MAX = 2 ** 32 - 1
