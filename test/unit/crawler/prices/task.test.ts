import { expect, test } from 'vitest'
import { CurrentKeeper } from '../../../../crawler/prices/now.ts'
import type { PricePorts } from '../../../../crawler/prices/ports.ts'
import { runPrices } from '../../../../crawler/prices/task.ts'
import { HOUR } from '../../../../src/domain/price.ts'
import { at, candle, createParts, fault, ToldSource } from './parts.ts'
import { signal } from './server.ts'

/** Ends the task when its pauses have taken it so far. */
function stopAfter(ports: PricePorts, until: number) {
  const stop = new AbortController()
  const sleep = async (ms: number, inner: AbortSignal) => {
    await ports.sleep(ms, inner)
    // Both loops take turns, whatever their pauses.
    await new Promise((resolve) => setImmediate(resolve))
    if (ports.clock.now() >= until) stop.abort()
  }
  return { ports: { ...ports, sleep }, signal: stop.signal }
}

const options = { since: at(0), pollMs: 60_000 }

test('the task keeps the price now and the hours, until it is stopped', async () => {
  const first = new ToldSource('first')
  first.candles = Array.from({ length: 30 }, (_, hour) => candle(hour))
  const { ports, state, hours, announced } = createParts([first], at(10))
  const run = stopAfter(ports, at(15))
  await runPrices(options, run.ports, run.signal)
  expect(state.current).toMatchObject({ usd: 0.01, source: 'first' })
  expect(hours.size).toBeGreaterThanOrEqual(15)
  expect(announced.every((groups) => groups.join() === 'price')).toBe(true)
})

test('without a source nothing runs', async () => {
  const { ports, lines } = createParts([], at(10))
  await runPrices(options, ports, signal)
  expect(lines).toEqual([])
})

test('a store that is down, and sources that fail in every way, never end the task', async () => {
  const first = new ToldSource('first')
  const odd = new ToldSource('odd')
  odd.readNow = () => Promise.reject(new TypeError('a fault of ours'))
  const { ports, state, lines } = createParts([first, odd], at(10))
  first.fault = fault('first')
  state.isDown = true
  const run = stopAfter(ports, at(11))
  await runPrices(options, run.ports, run.signal)
  state.isDown = false
  const again = stopAfter(ports, at(12))
  await runPrices(options, again.ports, again.signal)
  expect(lines.join('')).toContain('the store is down')
  expect(lines.join('')).toContain('a fault of ours')
  expect(state.current).toBe(null)
})

test('a history that has not begun is waited for', async () => {
  const first = new ToldSource('first')
  const { ports } = createParts([first], at(-5))
  const run = stopAfter(ports, at(-4))
  await runPrices(options, run.ports, run.signal)
  expect(first.asked).toEqual([])
})

test('the price now comes from the first source that has a good one', async () => {
  const [first, second, third] = [new ToldSource('a'), new ToldSource('b'), new ToldSource('c')]
  const { ports, state, lines } = createParts([first, second, third], at(10))
  const keeper = new CurrentKeeper(ports)
  first.fault = fault('a')
  second.quote = { usd: 0, at: null }
  third.quote = { usd: 0.02, at: at(10) - 30_000 }
  await keeper.look(signal)
  expect(state.current).toEqual({ usd: 0.02, at: at(10) - 30_000, source: 'c' })
  expect(lines.join('')).toContain('"source":"b","reason":"not positive"')
  // The one that failed rests for a minute.
  await keeper.look(signal)
  expect(first.looks).toBe(1)
  state.now += 60_001
  first.fault = null
  await keeper.look(signal)
  expect(state.current).toMatchObject({ usd: 0.01, source: 'a', at: state.now })
})

test('an older look at the market does not replace a newer one, and is not announced', async () => {
  const first = new ToldSource('first')
  const { ports, state, announced } = createParts([first], at(10))
  const keeper = new CurrentKeeper(ports)
  first.quote = { usd: 0.02, at: at(10) - 1_000 }
  await keeper.look(signal)
  first.quote = { usd: 0.03, at: at(10) - 2_000 }
  await keeper.look(signal)
  expect([state.current?.usd, announced.length]).toEqual([0.02, 1])
})

test('a price now that jumps needs a second source', async () => {
  const [first, second] = [new ToldSource('first'), new ToldSource('second')]
  const { ports, state, hours } = createParts([first, second], at(10))
  hours.set(at(9), { ...candle(9), source: 'first', askedAt: at(10) })
  const keeper = new CurrentKeeper(ports)
  first.quote = { usd: 1.5, at: null }
  second.quote = { usd: 0.011, at: null }
  await keeper.look(signal)
  expect(state.current).toMatchObject({ usd: 0.011, source: 'second' })
  state.now += 1
  second.quote = { usd: 1.4, at: null }
  await keeper.look(signal)
  expect(state.current).toMatchObject({ usd: 1.5, source: 'first' })
})

test('a source is asked one thing at a time, and rests longer with each failure, up to an hour', async () => {
  const first = new ToldSource('first')
  const { ports, state, lines } = createParts([first], at(10))
  const [source] = ports.sources
  first.fault = fault('first')
  for (let round = 0; round < 9; round++) {
    await expect(source!.readNow(signal)).rejects.toMatchObject({ fault: 'network' })
    await expect(source!.readNow(signal)).rejects.toMatchObject({ fault: 'resting' })
    state.now += HOUR
  }
  expect(first.looks).toBe(9)
  const rests = lines.map((line) => JSON.parse(line).seconds)
  expect(rests).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
  first.fault = null
  await source!.readNow(signal)
  first.fault = fault('first')
  await source!.readNow(signal).catch(() => {})
  expect(JSON.parse(lines.at(-1) ?? '').seconds).toBe(60)
})
