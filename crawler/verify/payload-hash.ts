import type { Hash } from '../../src/domain/hash.ts'
import type { Field } from '../decode/field.ts'
import { Bytes } from './bytes.ts'
import { writeHexBlob, writeText } from './fields.ts'
import { writeTarget } from './payload-target.ts'
import { writeArgs } from './runtime-args.ts'

/**
 * Recomputes the hash of a Version1 transaction from its payload (casper-types 6, `TransactionV1Payload`). Approvals are
 * not in it: they sign the hash.
 * @throws {DecodeFault} for a shape that we do not know
 */
export function toPayloadHash(transaction: Field): Hash {
  transaction.only('hash', 'payload', 'approvals')
  const payload = transaction.get('payload')
  payload.only('initiator_addr', 'timestamp', 'ttl', 'chain_name', 'pricing_mode', 'fields')
  const bytes = new Bytes()
  return bytes
    .table(
      () => writeInitiator(bytes, payload.get('initiator_addr')),
      () => bytes.u64(payload.get('timestamp').time()),
      () => bytes.u64(payload.get('ttl').duration()),
      () => writeText(bytes, payload.get('chain_name')),
      () => writePricingMode(bytes, payload.get('pricing_mode')),
      () => writeFields(bytes, payload.get('fields')),
    )
    .digest()
}

function writeInitiator(bytes: Bytes, initiator: Field): void {
  const [form, value] = initiator.variant()
  if (form === 'PublicKey') {
    bytes.table(
      () => bytes.u8(0),
      () => bytes.hex(value.key()),
    )
  } else if (form === 'AccountHash') {
    bytes.table(
      () => bytes.u8(1),
      () => bytes.hex(value.accountHash()),
    )
  } else throw initiator.fault('PublicKey or AccountHash')
}

function writePricingMode(bytes: Bytes, field: Field): void {
  const [kind, mode] = field.variant()
  const tolerance = () => bytes.u8(mode.get('gas_price_tolerance').int(255))
  switch (kind) {
    case 'PaymentLimited':
      mode.only('payment_amount', 'gas_price_tolerance', 'standard_payment')
      bytes.table(
        () => bytes.u8(0),
        () => bytes.u64(mode.get('payment_amount').u64()),
        tolerance,
        () => bytes.bool(mode.get('standard_payment').bool()),
      )
      return
    case 'Fixed':
      mode.only('gas_price_tolerance', 'additional_computation_factor')
      bytes.table(
        () => bytes.u8(1),
        tolerance,
        () => bytes.u8(mode.get('additional_computation_factor').int(255)),
      )
      return
    case 'Prepaid':
      mode.only('receipt')
      bytes.table(
        () => bytes.u8(2),
        () => bytes.hex(mode.get('receipt').hash()),
      )
      return
    default:
      throw field.fault('PaymentLimited, Fixed or Prepaid')
  }
}

/** A map by number, each value as a byte list. */
function writeFields(bytes: Bytes, fields: Field): void {
  fields.only('args', 'target', 'entry_point', 'scheduling')
  bytes
    .u32(4)
    .u16(0)
    .sized(() => writeTransactionArgs(bytes, fields.get('args')))
    .u16(1)
    .sized(() => writeTarget(bytes, fields.get('target')))
    .u16(2)
    .sized(() => writeEntryPoint(bytes, fields.get('entry_point')))
    .u16(3)
    .sized(() => writeScheduling(bytes, fields.get('scheduling')))
}

function writeTransactionArgs(bytes: Bytes, args: Field): void {
  const [form, content] = args.variant()
  if (form === 'Named') writeArgs(bytes.u8(0), content)
  else if (form === 'Bytesrepr') writeHexBlob(bytes.u8(1), content)
  else throw args.fault('Named or Bytesrepr')
}

/** In the order of their tags; `Custom`, which has a name, is 1. */
const ENTRY_POINTS: readonly string[] = [
  'Call',
  'Custom',
  'Transfer',
  'AddBid',
  'WithdrawBid',
  'Delegate',
  'Undelegate',
  'Redelegate',
  'ActivateBid',
  'ChangeBidPublicKey',
  'AddReservations',
  'CancelReservations',
  'Burn',
]
const CUSTOM = 1

function writeEntryPoint(bytes: Bytes, entry: Field): void {
  if (typeof entry.value === 'string') {
    const tag = ENTRY_POINTS.indexOf(entry.value)
    if (tag < 0 || tag === CUSTOM) throw entry.fault('a known entry point')
    bytes.table(() => bytes.u8(tag))
    return
  }
  const [form, name] = entry.variant()
  if (form !== 'Custom') throw entry.fault('a known entry point')
  bytes.table(
    () => bytes.u8(CUSTOM),
    () => writeText(bytes, name),
  )
}

function writeScheduling(bytes: Bytes, scheduling: Field): void {
  if (scheduling.value !== 'Standard') throw scheduling.fault('Standard')
  bytes.table(() => bytes.u8(0))
}
