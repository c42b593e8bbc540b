import { expect, test } from 'vitest'
import { prefetch } from '../../../crawler/crawl/prefetch.ts'
import { Wake } from '../../../crawler/crawl/wake.ts'

const never = new AbortController().signal

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

test('prefetch() gives results in order, whichever comes first, with no more under way than asked', async () => {
  let running = 0
  let most = 0
  const fetch = async (height: number) => {
    most = Math.max(most, ++running)
    for (let turns = (height * 7) % 5; turns >= 0; turns--) await Promise.resolve()
    running--
    return height
  }
  expect(await collect(prefetch(3, 40, 4, fetch, never))).toEqual(Array.from({ length: 38 }, (_, i) => i + 3))
  expect(most).toBe(4)
})

test('prefetch() of an empty range asks nothing', async () => {
  expect(await collect(prefetch(5, 4, 4, () => Promise.reject(new Error('asked')), never))).toEqual([])
})

test('prefetch() gives what came before a failure, then the failure, and aborts the rest', async () => {
  const aborted: number[] = []
  const fetch = (height: number, signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      if (height < 3) resolve(height)
      else if (height === 3) reject(new Error('gone at 3'))
      else signal.addEventListener('abort', () => (aborted.push(height), reject(new Error('aborted'))))
    })
  const seen: number[] = []
  await expect(async () => {
    for await (const height of prefetch(1, 9, 3, fetch, never)) seen.push(height)
  }).rejects.toThrow('gone at 3')
  expect(seen).toEqual([1, 2])
  expect(aborted).toEqual([4, 5])
})

test('prefetch() left early aborts what is under way and waits for it', async () => {
  let open = 0
  const fetch = (height: number, signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      open++
      if (height === 0) resolve(open--)
      else signal.addEventListener('abort', () => (open--, reject(new Error('aborted'))))
    })
  for await (const _ of prefetch(0, 9, 4, fetch, never)) break
  expect(open).toBe(0)
})

test('Wake.sleep() ends at notify, and at once when it was notified before', async () => {
  const wake = new Wake()
  const asleep = wake.sleep(60_000, never)
  wake.notify()
  await asleep
  wake.notify()
  await wake.sleep(60_000, never)
})

test('Wake.sleep() ends when stopped', async () => {
  const stop = new AbortController()
  const asleep = new Wake().sleep(60_000, stop.signal)
  stop.abort()
  await asleep
})
