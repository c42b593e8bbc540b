import { parseSupplyInputs, type SupplyInputs, toUndeclared } from './inputs.ts'
import casper from './networks/casper.json' with { type: 'json' }
import casperTest from './networks/casper-test.json' with { type: 'json' }

/** Every network's file, by the network's name: the one place where they are taken in. */
export const SUPPLY_FILES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['casper', casper],
  ['casper-test', casperTest],
])

const parsed = new Map<string, SupplyInputs>()

/**
 * What is declared of a network. A file is parsed once, when it is first asked for.
 * @param network as nodes say it (`chainspec_name`)
 * @throws {SyntaxError} when its file is not what it must be
 */
export function findSupply(network: string): SupplyInputs {
  const known = parsed.get(network)
  if (known !== undefined) return known
  if (!SUPPLY_FILES.has(network)) return toUndeclared(network)
  const supply = parseSupplyInputs(SUPPLY_FILES.get(network), network)
  parsed.set(network, supply)
  return supply
}
