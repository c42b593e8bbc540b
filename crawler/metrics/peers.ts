import type { Round } from '../peers/round.ts'
import type { Registry } from './registry.ts'

/** @returns to be told of each look around that came to its end */
export function definePeers(registry: Registry): (round: Round) => void {
  const p = 'casper_crawler_peers'
  let last: Round | null = null
  registry.gauge(`${p}_seen`, 'Peers that the last look around saw.', () => last?.seen ?? null)
  registry.gauge(`${p}_answered`, 'Of these, those that gave a status.', () => last?.answered ?? null)
  registry.gauge(`${p}_last_success_timestamp_seconds`, 'End of the last look around.', () =>
    last === null ? null : last.at / 1000,
  )
  const visited = registry.counter(`${p}_visited_total`, 'Visits to peers.')
  const failed = registry.counter(`${p}_failed_total`, 'Visits without a status, by reason.')
  const refused = registry.counter(`${p}_refused_total`, 'Told addresses that are not visited.')
  return (round) => {
    last = round
    visited.add(round.visited)
    refused.add(round.refused)
    for (const [reason, count] of round.failures) failed.add(count, { reason })
  }
}
