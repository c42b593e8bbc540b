import { expect, test, vi } from 'vitest'
import { Bulkhead, BusyError } from '../../../src/lib/bulkhead.ts'

/** A work that ends when it is told to. */
function createWork() {
  let end = () => {}
  const done = new Promise<void>((resolve) => (end = resolve))
  return { work: () => done, end }
}

test('so many works at once, the others in their order', async () => {
  const bulkhead = new Bulkhead({ most: 2, mostWaiting: 10, patience: 60_000 })
  const [a, b] = [createWork(), createWork()]
  const order: string[] = []
  const first = bulkhead.run(a.work)
  bulkhead.run(b.work).catch(() => {})
  const third = bulkhead.run(async () => void order.push('third'))
  const fourth = bulkhead.run(async () => void order.push('fourth'))
  await Promise.resolve()
  expect(order).toEqual([])
  a.end()
  await Promise.all([first, third, fourth])
  expect(order).toEqual(['third', 'fourth'])
  b.end()
})

test('a work that fails gives its place back', async () => {
  const bulkhead = new Bulkhead({ most: 1, mostWaiting: 0, patience: 60_000 })
  await expect(bulkhead.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await bulkhead.run(async () => 1)).toBe(1)
})

test('who finds too many waiting, or waits too long, is told so, and the place is not lost', async () => {
  vi.useFakeTimers()
  const bulkhead = new Bulkhead({ most: 1, mostWaiting: 1, patience: 2_000 })
  const { work, end } = createWork()
  const running = bulkhead.run(work)
  const waiting = bulkhead.run(async () => 'in')
  const late = expect(waiting).rejects.toThrow(BusyError)
  await expect(bulkhead.run(async () => 'in')).rejects.toThrow(BusyError)
  await vi.advanceTimersByTimeAsync(2_000)
  await late
  end()
  await running
  expect(await bulkhead.run(async () => 'in')).toBe('in')
  vi.useRealTimers()
})
