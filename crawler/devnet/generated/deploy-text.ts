import { type Shape, toTimeText } from './block-text.ts'
import { optionalU64Text, publicKeyText, u512Text } from './cl-text.ts'
import type { Header } from './header.ts'
import { Purpose, type Random } from './random.ts'
import type { System } from './system.ts'
import { AGE, type TransactionHashes } from './transaction-hash.ts'
import { TRANSFER_COST, type Transfer } from './transfers.ts'

/** What writing the answers about transactions needs to know of their chain. */
export interface Ledger {
  readonly network: string
  readonly system: System
  readonly random: Random
  readonly effects: 'full' | 'short'
  readonly hashes: TransactionHashes
}

/** Any balance will do: nothing here adds them up. */
const BALANCE = 4_999_929_900_000_000n

const identity = (key: string): string => `{"key":"${key}","transform":"Identity"}`

/**
 * Writers of a 1.x native transfer, in one of the two answers that tell of it. The steps of payment and of calls into
 * the system's contracts, which stand around what matters in each real execution, are the same text every time.
 */
export function createDeployText(
  ledger: Ledger,
): (header: Header, transfer: Transfer, ordinal: number, shape: Shape) => string {
  const { network, system, random, effects, hashes } = ledger
  const [mint, payment, standard] = [system.mint, system.handlePayment, system.standardPayment].map(
    (hash) => `hash-${hash}`,
  ) as [string, string, string]
  const isFull = effects === 'full'
  const call = [payment, payment, standard, payment, mint, mint, `hash-${system.package}`, mint]
    .map(identity)
    .join()
  const finish = [payment, payment, standard, payment].map(identity).join()
  const paid = `{"key":"balance-${system.paymentPurse}","transform":{"AddUInt512":"${TRANSFER_COST}"}}`
  const end = `${finish},{"key":"balance-${system.paymentPurse}","transform":{"WriteCLValue":${u512Text(0n)}}},{"key":"balance-${system.rewardPurse}","transform":{"AddUInt512":"${TRANSFER_COST}"}}`
  const paymentText = `{"ModuleBytes":{"module_bytes":"","args":[["amount",${u512Text(TRANSFER_COST)}]]}}`
  const wrote = u512Text(BALANCE)

  return (header, transfer, ordinal, shape) => {
    const { from, to, amount, id } = transfer
    const { height, time } = header.place
    const { hash, bodyHash } = hashes.deploy(transfer, time)
    const record = `transfer-${random.hash(Purpose.transferRecord, height, ordinal)}`
    const approval = random.hash(Purpose.approval, height, ordinal)
    const balance = `balance-${from.purse}`
    const before = isFull
      ? `${identity(`account-hash-${from.hash}`)},${call},${identity(balance)},{"key":"${balance}","transform":{"WriteCLValue":${wrote}}},${paid},${call},`
      : ''
    const moved = isFull
      ? `${identity(balance)},{"key":"${balance}","transform":{"WriteCLValue":${wrote}}},{"key":"balance-${to.purse}","transform":{"AddUInt512":"${amount}"}},`
      : ''
    const written = `{"key":"${record}","transform":{"WriteTransfer":{"deploy_hash":"${hash}","from":"account-hash-${from.hash}","to":"account-hash-${to.hash}","source":"uref-${from.purse}-007","target":"uref-${to.purse}-004","amount":"${amount}","gas":"0","id":${id}}}}`
    const after = isFull
      ? `,{"key":"deploy-${hash}","transform":{"WriteDeployInfo":{"deploy_hash":"${hash}","transfers":["${record}"],"from":"account-hash-${from.hash}","source":"uref-${from.purse}-007","gas":"${TRANSFER_COST}"}}},${end}`
      : ''
    const deploy = `{"hash":"${hash}","header":{"account":"${from.publicKey}","timestamp":"${toTimeText(time - AGE)}","ttl":"30m","gas_price":1,"body_hash":"${bodyHash}","dependencies":[],"chain_name":"${network}"},"payment":${paymentText},"session":{"Transfer":{"args":[["amount",${u512Text(amount)}],["target",${publicKeyText(to.publicKey)}],["id",${optionalU64Text(id)}]]}},"approvals":[{"signer":"${from.publicKey}","signature":"${from.publicKey.slice(0, 2)}${approval}${approval}"}]}`
    const result = `{"Success":{"effect":{"operations":[],"transforms":[${before}${moved}${written}${after}]},"transfers":["${record}"],"cost":"${TRANSFER_COST}"}}`
    return shape === 'node-1x'
      ? `{"api_version":"1.5.8","deploy":${deploy},"execution_results":[{"block_hash":"${header.hash}","result":${result}}]}`
      : `{"api_version":"2.0.0","transaction":{"Deploy":${deploy}},"execution_info":{"block_hash":"${header.hash}","block_height":${height},"execution_result":{"Version1":${result}}}}`
  }
}
