import type { Party } from '../../src/domain/keys.ts'
import type { Field } from './field.ts'

/** Who delegates in 2.x: `{"PublicKey": "01…"}`, or `{"Purse": "<64 hex digits or uref-…>"}`. @throws {DecodeFault} */
export function parseDelegatorKind(kind: Field): Party {
  const [form, value] = kind.variant()
  if (form === 'PublicKey') return { kind: 'key', key: value.key() }
  if (form === 'Purse') return parsePurseOrHash(value)
  throw kind.fault('PublicKey or Purse')
}

/** A purse with its prefix, or its bare address, as different members of an answer have it. */
export function parsePurseOrHash(value: Field): Party {
  return { kind: 'purse', purse: value.text().startsWith('uref-') ? value.purse() : value.hash() }
}
