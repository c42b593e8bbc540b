import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../site/client.ts'
import { Live, toPause, toStandstill } from '../../../site/state/live.ts'
import { createFakeClient, createPorts, fakeBlock, settle } from './fakes.ts'

/** A chain that makes a block each 8 s of the fake clock. */
function createChain() {
  const fake = createPorts()
  const start = fake.now() - 100 * 8_000
  const height = () => Math.floor((fake.now() - start) / 8_000)
  let fault: Error | null = null
  const { client, asked, aborted } = createFakeClient((name) => {
    if (fault) throw fault
    if (name === 'status') return { network: 'fake', mode: 'following' }
    const data = Array.from({ length: 12 }, (_, index) => fakeBlock(height() - index, start))
    return { data, next: null, asOf: null }
  })
  const live = new Live(client, fake.ports)
  return {
    fake,
    live,
    asked,
    aborted,
    height,
    fail(error: Error | null) {
      fault = error
    },
    count: (name: string) => asked.filter((each) => each === name).length,
  }
}

describe('Live', () => {
  it('has the tip at once, and the next block soon after it is made', async () => {
    const { live, fake, height } = createChain()
    await settle()
    expect(live.tip.value?.height).toBe(100)
    await fake.pass(8_100)
    expect(live.tip.value?.height).toBe(height())
    live[Symbol.dispose]()
  })

  it('asks once a block, and for the status seldom', async () => {
    const { live, fake, count } = createChain()
    await fake.pass(80_000)
    expect(count('listBlocks')).toBeLessThanOrEqual(12)
    expect(count('status')).toBeLessThanOrEqual(6)
    live[Symbol.dispose]()
  })

  it('frees its timer and its listener, and asks nothing more', async () => {
    const { live, fake, asked } = createChain()
    await fake.pass(20_000)
    live[Symbol.dispose]()
    expect(fake.timers()).toBe(0)
    expect(fake.listeners()).toBe(0)
    const before = asked.length
    await fake.pass(600_000)
    fake.hide(true)
    fake.hide(false)
    expect(asked.length).toBe(before)
  })

  it('aborts what is under way', () => {
    const { live, aborted } = createChain()
    live[Symbol.dispose]()
    expect(aborted()).toBe(2)
  })

  it('rests while the tab is hidden, and is up to date when it is shown', async () => {
    const { live, fake, asked, height } = createChain()
    await settle()
    fake.hide(true)
    await fake.pass(20_000)
    const before = asked.length
    await fake.pass(3_600_000)
    expect(asked.length).toBe(before)
    fake.hide(false)
    await settle()
    expect(live.tip.value?.height).toBe(height())
    live[Symbol.dispose]()
  })

  it('keeps what it has when asking fails, and waits twice as long each time', async () => {
    const { live, fake, fail, count } = createChain()
    await settle()
    fail(new ApiError(503, 'Store unavailable', 'No tier holds this answer.'))
    await fake.pass(9_000)
    expect(live.tip.value?.height).toBe(100)
    expect(live.error.value).toBeInstanceOf(ApiError)
    expect(live.retryAt.value).toBeGreaterThan(fake.now())
    await fake.pass(600_000)
    // 2, 4, 8, 16, 32 and then each 60 s.
    expect(count('listBlocks')).toBeLessThan(20)
    fail(null)
    await fake.pass(61_000)
    expect(live.error.value).toBeNull()
    expect(live.retryAt.value).toBeNull()
    expect(live.tip.value?.height).toBeGreaterThan(160)
    live[Symbol.dispose]()
  })

  it('keeps the status when only the blocks fail: it says why', async () => {
    const fake = createPorts()
    const { client } = createFakeClient((name) => {
      if (name === 'status') return { mode: 'starting' }
      throw new ApiError(503, 'Not available for a moment', 'No block is indexed yet.', {
        retryAfter: 10_000,
      })
    })
    const live = new Live(client, fake.ports)
    await settle()
    expect(live.status.value?.mode).toBe('starting')
    expect(live.error.value).toBeInstanceOf(ApiError)
    expect(live.tip.value).toBeNull()
    live[Symbol.dispose]()
  })

  it('waits as long as a refusal asks', async () => {
    const { live, fake, fail, count } = createChain()
    await settle()
    fail(new ApiError(429, 'Too many requests', 'Slow down.', { retryAfter: 45_000 }))
    await fake.pass(9_000)
    const before = count('listBlocks')
    await fake.pass(40_000)
    expect(count('listBlocks')).toBe(before)
    live[Symbol.dispose]()
  })

  it('tries at once when asked to', async () => {
    const { live, fake, fail } = createChain()
    await settle()
    fail(new Error('offline'))
    await fake.pass(30_000)
    fail(null)
    live.retry()
    await settle()
    expect(live.error.value).toBeNull()
    live[Symbol.dispose]()
  })

  it('keeps the objects of blocks that it knows', async () => {
    const { live, fake } = createChain()
    await settle()
    const before = live.blocks.value[0]
    await fake.pass(8_100)
    expect(live.blocks.value[1]).toBe(before)
    live[Symbol.dispose]()
  })

  it('does not step back for an edge that lags, but does when the chain was taken back', async () => {
    const fake = createPorts()
    const start = fake.now() - 800_000
    let height = 100
    const { client } = createFakeClient((name) =>
      name === 'status' ? {} : { data: [fakeBlock(height, start), fakeBlock(height - 1, start)], next: null },
    )
    const live = new Live(client, fake.ports)
    await settle()
    height = 98
    await fake.pass(3_000)
    expect(live.tip.value?.height).toBe(100)
    await fake.pass(60_000)
    expect(live.tip.value?.height).toBe(98)
    live[Symbol.dispose]()
  })
})

describe('toPause()', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  const blocks = (age: number, blockTime: number) =>
    [{ time: new Date(now - age).toISOString(), blockTime }] as unknown as Parameters<typeof toPause>[0]

  it('waits until the next block is due', () => {
    expect(toPause(blocks(2_000, 8_000), now)).toBe(6_000)
  })
  it('looks again within a third of a block’s time when it is late', () => {
    expect(toPause(blocks(9_000, 8_000), now)).toBe(2_667)
  })
  it('asks a halted chain ever more seldom', () => {
    const pauses = [0, 1, 2, 3, 4, 50].map((idle) => toPause(blocks(600_000, 8_000), now, idle))
    expect(pauses).toEqual([2_667, 4_000, 6_000, 9_000, 10_000, 10_000])
  })
  it('follows a chain whose times are long past', () => {
    expect(toPause(blocks(31_000_000, 1_000), now, 0)).toBe(1_500)
  })
  it('stays within its bounds on a fast chain, on a halted one, and on an empty one', () => {
    expect(toPause(blocks(900, 1_000), now)).toBe(1_500)
    expect(toPause(blocks(86_400_000, 60_000), now)).toBe(10_000)
    expect(toPause([], now)).toBe(5_000)
  })
})

describe('toStandstill()', () => {
  it("tells a chain that stands still by when it last moved here, not by its blocks' own times", () => {
    expect(toStandstill(null, 1_000, 5_000)).toBeNull()
    expect(toStandstill(0, 1_000, 60_000)).toBeNull()
    expect(toStandstill(0, 1_000, 60_001)).toBe(60_001)
    // Blocks every 16 s: two minutes without one are not yet a halt.
    expect(toStandstill(0, 16_000, 120_000)).toBeNull()
    expect(toStandstill(0, 16_000, 160_001)).toBe(160_001)
  })
})
