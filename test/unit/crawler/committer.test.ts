import { expect, test } from 'vitest'
import { Committer } from '../../../crawler/crawl/committer.ts'
import type { CrawlOptions, CrawlPorts } from '../../../crawler/crawl/options.ts'
import type { Pulse } from '../../../crawler/crawl/pulse.ts'
import { createLog } from '../../../crawler/log.ts'
import type { Rows } from '../../../crawler/project/project.ts'

const NETWORK = { name: 'demo', genesisHash: 'aa'.repeat(32), firstHeight: 0 }

function rows(height: number): Rows {
  const block = { height, hash: `${height}`, eraId: 0, time: height, isSwitch: false }
  const none = {
    transactions: [],
    transfers: [],
    stakeMovements: [],
    eraValidators: [],
    rewards: [],
    auctions: [],
  }
  return { block, era: { id: 0 }, ...none } as unknown as Rows
}

/** A store whose commits end when told. */
function setUp() {
  const commits: { height: number; end: (error?: Error) => void }[] = []
  const store = {
    commit: ({ checkpoint }: { checkpoint: { height: number } }) =>
      new Promise<void>((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve())
        commits.push({ height: checkpoint.height, end })
      }),
  }
  const ports = {
    store,
    announce: () => {},
    log: createLog(() => {}),
    steady: { now: () => 0 },
  } as unknown as CrawlPorts
  const options = { maxBlocks: 1, maxRows: 100 } as CrawlOptions
  const pulse = { tip: 9, beat: async () => {} } as unknown as Pulse
  return { commits, committer: new Committer(options, ports, NETWORK, pulse) }
}

test('Committer commits one batch at a time, in order, while more is added', async () => {
  const { commits, committer } = setUp()
  await committer.add(rows(0), true)
  const second = committer.add(rows(1), true)
  expect(commits.map(({ height }) => height)).toEqual([0])
  commits[0]?.end()
  await second
  await expect.poll(() => commits.map(({ height }) => height)).toEqual([0, 1])
  commits[1]?.end()
  await committer.finish()
})

test('Committer commits nothing after a commit that failed', async () => {
  const { commits, committer } = setUp()
  await committer.add(rows(0), true)
  commits[0]?.end(new Error('disk full'))
  await expect(committer.add(rows(1), true)).rejects.toThrow('disk full')
  expect(commits.length).toBe(1)
})

test('Committer.settle() waits for the running commit and takes its failure as an end', async () => {
  const { commits, committer } = setUp()
  await committer.add(rows(0), true)
  let isSettled = false
  const settled = committer.settle().then(() => {
    isSettled = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(isSettled).toBe(false)
  commits[0]?.end(new Error('lost'))
  await settled
})
