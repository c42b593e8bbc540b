import type { Answer } from './answers.ts'
import type { BlockFacts } from './blocks.ts'

type Status = Record<string, unknown> & { last_added_block_info: unknown; available_block_range: unknown }

/** `32m 34s 461ms`, as Rust's humantime writes it. */
function humanTime(ms: number): string {
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(ms / 86_400_000), ms >= 172_800_000 ? 'days' : 'day'],
    [Math.floor(ms / 3_600_000) % 24, 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [Math.floor(ms / 1000) % 60, 's'],
    [Math.floor(ms) % 1000, 'ms'],
  ]
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`)
  return shown.length > 0 ? shown.join(' ') : '0s'
}

/**
 * info_get_status of a node whose chain ends at `tip`: the recorded one with the members that follow
 * the chain set anew. It holds no number that a double could not, so it may be printed again.
 * @param uptime milliseconds since this node began to serve
 */
export function statusAnswer(
  recorded: Answer,
  chain: { first: number; tip: BlockFacts; lastSwitch: BlockFacts | undefined },
  uptime: number,
): Answer {
  const status = JSON.parse(recorded.body.toString()) as Status
  const { tip, lastSwitch, first } = chain
  status.last_added_block_info = {
    hash: tip.hash,
    timestamp: tip.timestamp,
    era_id: tip.eraId,
    height: tip.height,
    state_root_hash: tip.stateRootHash,
    creator: tip.proposer,
  }
  status.available_block_range = { low: first, high: tip.height }
  if ('latest_switch_block_hash' in status) status.latest_switch_block_hash = lastSwitch?.hash ?? null
  if ('uptime' in status) status.uptime = humanTime(uptime)
  return { failed: false, body: Buffer.from(JSON.stringify(status)) }
}
