import { type Motes, sumMotes } from '../motes.ts'
import { findSupply } from './networks.ts'

/**
 * What the network's file declares to be written to the supply before an era's first block, in motes. It stands beside
 * what the mint's total is seen to change by (`supplyAdjustment`): where both are the same, the total contains it.
 */
export function toDeclaredAdjustment(network: string, eraId: number): Motes {
  const { adjustments } = findSupply(network)
  return sumMotes(adjustments.filter(({ era }) => era === eraId).map(({ motes }) => motes))
}
