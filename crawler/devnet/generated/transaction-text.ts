import { toTimeText } from './block-text.ts'
import { optionalU64Text, publicKeyText, u512Text } from './cl-text.ts'
import type { Ledger } from './deploy-text.ts'
import type { Header } from './header.ts'
import { Purpose } from './random.ts'
import { AGE } from './transaction-hash.ts'
import { TRANSFER_COST, type Transfer } from './transfers.ts'

/** Any balance will do: nothing here adds them up. */
const BALANCE = 69_929_800_000_000n

/**
 * Writer of a 2.x native transfer, as info_get_transaction answers it. Its effects burn the fee: they write the mint's
 * total supply, each transaction of a block one fee below the one before.
 */
export function createTransactionText(
  ledger: Ledger,
): (header: Header, transfer: Transfer, ordinal: number) => string {
  const { network, system, random, effects } = ledger
  const isFull = effects === 'full'
  const supplyKey = `uref-${system.totalSupply}-000`
  const wrote = `{"Write":{"CLValue":${u512Text(BALANCE)}}}`
  const held = `{"Write":{"CLValue":${u512Text(TRANSFER_COST)}}}`

  return (header, { from, to, amount, id }, ordinal) => {
    const { height, time } = header.place
    const hash = header.transactions[ordinal] as string
    const approval = random.hash(Purpose.approval, height, ordinal)
    const supply = header.supplyBefore - TRANSFER_COST * BigInt(ordinal + 1)
    const hold = `balance-hold-01${from.purse}`
    const balance = `balance-${from.purse}`
    const moved = isFull
      ? `{"key":"${hold}","kind":${held}},{"key":"${hold}","kind":"Identity"},{"key":"${balance}","kind":${wrote}},{"key":"balance-${to.purse}","kind":{"AddUInt512":"${amount}"}},{"key":"${hold}","kind":{"Prune":"${hold}"}},{"key":"${balance}","kind":${wrote}},{"key":"${supplyKey}","kind":"Identity"},`
      : ''
    const initiator = `{"PublicKey":"${from.publicKey}"}`
    const fields = `{"args":{"Named":[["target",${publicKeyText(to.publicKey)}],["amount",${u512Text(amount)}],["id",${optionalU64Text(id)}]]},"entry_point":"Transfer","scheduling":"Standard","target":"Native"}`
    const payload = `{"initiator_addr":${initiator},"timestamp":"${toTimeText(time - AGE)}","ttl":"30m","chain_name":"${network}","pricing_mode":{"PaymentLimited":{"payment_amount":${TRANSFER_COST},"gas_price_tolerance":1,"standard_payment":true}},"fields":${fields}}`
    const transfer = `{"Version2":{"transaction_hash":{"Version1":"${hash}"},"from":{"AccountHash":"account-hash-${from.hash}"},"to":"account-hash-${to.hash}","source":"uref-${from.purse}-007","target":"uref-${to.purse}-004","amount":"${amount}","gas":"${TRANSFER_COST}","id":${id}}}`
    const result = `{"Version2":{"initiator":${initiator},"error_message":null,"current_price":1,"limit":"${TRANSFER_COST}","consumed":"${TRANSFER_COST}","cost":"${TRANSFER_COST}","refund":"0","transfers":[${transfer}],"size_estimate":502,"effects":[${moved}{"key":"${supplyKey}","kind":{"Write":{"CLValue":${u512Text(supply)}}}}]}}`
    return `{"api_version":"2.0.0","transaction":{"Version1":{"hash":"${hash}","payload":${payload},"approvals":[{"signer":"${from.publicKey}","signature":"${from.publicKey.slice(0, 2)}${approval}${approval}"}]}},"execution_info":{"block_hash":"${header.hash}","block_height":${height},"execution_result":${result}}}`
  }
}
