import { SIGNATURE_REACH } from '../../src/domain/reward.ts'
import { openAnnouncementQueue } from '../../src/store/announcements.ts'
import { openComparison } from '../../src/store/compare.ts'
import { pickConfig } from '../config.ts'
import { replayEras } from '../crawl/replay.ts'
import { createLog } from '../log.ts'
import { CommandError, EXIT, type Flags, type Given, UsageError } from './command.ts'
import { toCount } from './count.ts'
import { openEras, parseHeight } from './eras.ts'
import { listenForStop } from './stop.ts'
import { toLine } from './verify.ts'

export const flags: Flags = {
  against: { type: 'string', value: 'URL', help: 'Node to ask; default: CASPER_NODES' },
}

/**
 * Writes what differs from the nodes' answers in the eras of a range, each era in one transaction. Safe beside a running
 * crawler: both take the same lock. The open era is the crawler's alone, and so is one to which it has added meanwhile.
 * Exit code 2 when an era was left for that.
 */
export async function run(given: Given): Promise<number> {
  const { flags, words, out, err } = given
  const range = /^(\d+)\.\.(\d+)$/.exec(words[0] ?? '')
  if (range === null || words.length > 1)
    throw new UsageError('repair needs a range of heights such as 120000..130000')
  const bounds = { from: parseHeight('FROM', range[1]), to: parseHeight('TO', range[2]) }
  const stop = listenForStop(() => {})
  const log = createLog((line) => err(`${line}\n`))
  const comparison = openComparison(pickConfig(given.env, 'DATABASE_URL').DATABASE_URL)
  const asking = { against: flags.against as string | undefined, toAuction: async () => 'every' as const }
  const opened = await openEras(given, bounds, asking, log, stop.signal).catch(async (error: unknown) => {
    await comparison.close()
    throw error
  })
  const queue = openAnnouncementQueue(opened.databaseUrl)
  let repaired = 0
  let left = 0
  try {
    const { eras } = opened.replay
    if (eras.at(-1)?.endHeight === null) {
      throw new CommandError(
        `Era ${eras.at(-1)?.id} is still open: the crawler writes it. End the range at block ${(eras.at(-1)?.startHeight ?? 1) - 1}.`,
      )
    }
    for await (const { change, span } of replayEras(opened.ports, opened.replay, stop.signal)) {
      const differences = await comparison.repair(change, span)
      if (differences === null) {
        out(
          `era ${span.eras[0]} is still growing and was left: repair it after block ${span.heights[1] + SIGNATURE_REACH}\n`,
        )
        left++
        continue
      }
      for (const difference of differences) out(`${toLine(difference)}\n`)
      repaired += differences.length
      err(`era ${span.eras[0]}: ${toCount(differences.length, 'figure')} repaired\n`)
    }
    if (repaired > 0) await queue.raise(['block', 'era'], opened.replay.last)
  } finally {
    stop.abort()
    await Promise.allSettled([comparison.close(), queue.close(), opened.close()])
  }
  out(`${toCount(repaired, 'figure')} repaired\n`)
  if (repaired > 0) out('Edges keep pages of closed history: see docs/operating.md, "After a repair"\n')
  return left === 0 ? EXIT.ok : EXIT.degraded
}
