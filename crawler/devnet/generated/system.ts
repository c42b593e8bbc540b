import { createHash } from 'node:crypto'
import { Purpose, type Random } from './random.ts'

/** Addresses of a chain's system contracts and purses. */
export interface System {
  readonly auction: string
  readonly mint: string
  readonly handlePayment: string
  readonly standardPayment: string
  readonly package: string
  readonly totalSupply: string
  readonly seigniorageRate: string
  /** Purses of fees: that of a running payment, and where 1.x pays the proposer. */
  readonly paymentPurse: string
  readonly rewardPurse: string
}

export function toSystem(random: Random): System {
  const address = (index: number) => random.hash(Purpose.system, index)
  return {
    auction: address(0),
    mint: address(1),
    handlePayment: address(2),
    standardPayment: address(3),
    package: address(4),
    totalSupply: address(5),
    seigniorageRate: address(6),
    paymentPurse: address(7),
    rewardPurse: address(8),
  }
}

const ZERO = '0'.repeat(64)
const byNames: readonly (readonly [name: string, contract: keyof System])[] = [
  ['auction', 'auction'],
  ['handle payment', 'handlePayment'],
  ['mint', 'mint'],
  ['standard payment', 'standardPayment'],
]

export const registryKey = {
  sidecar: `system-entity-registry-${ZERO}`,
  'node-1x': `system-contract-registry-${ZERO}`,
}

/** Stored value of the registry: names and hashes. */
export function toRegistryText(system: System): string {
  const count = Buffer.alloc(4)
  count.writeUInt32LE(byNames.length)
  let bytes = count.toString('hex')
  for (const [name, contract] of byNames) {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(name.length)
    bytes += size.toString('hex') + Buffer.from(name).toString('hex') + system[contract]
  }
  const parsed = byNames.map(([name, contract]) => `{"key":"${name}","value":"${system[contract]}"}`)
  return `{"CLValue":{"cl_type":{"Map":{"key":"String","value":{"ByteArray":32}}},"bytes":"${bytes}","parsed":[${parsed.join()}]}}`
}

/** Stored value of the mint's contract, without its entry points. */
export function toMintText(system: System, protocolVersion: string): string {
  const wasm = createHash('sha256').update(system.mint).digest('hex')
  return `{"Contract":{"contract_package_hash":"contract-package-${system.package}","contract_wasm_hash":"contract-wasm-${wasm}","named_keys":[{"name":"round_seigniorage_rate","key":"uref-${system.seigniorageRate}-007"},{"name":"total_supply","key":"uref-${system.totalSupply}-007"}],"entry_points":[],"protocol_version":"${protocolVersion}"}}`
}
