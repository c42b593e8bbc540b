import type { Circulating } from './era.ts'
import type { Motes } from './motes.ts'

/** Chains whose locked accounts and unlock schedules are not in this repository yet: their figure is absent, not guessed. */
const WITHOUT_METHOD = new Set(['casper', 'casper-test'])

/**
 * Circulating supply at an era's end. A network without declared lock-ups has all of its supply in circulation
 * (method `no-lockups/1`); where lock-ups are known to exist but are not declared, there is no figure.
 */
export function toCirculating(network: string, totalSupply: Motes | null): Circulating | null {
  if (totalSupply === null || WITHOUT_METHOD.has(network)) return null
  return { method: 'no-lockups/1', total: totalSupply, validators: 0n, transfers: 0n, rewards: 0n }
}
