import { expect, test } from 'vitest'
import { fillHours, toRange } from '../../../../crawler/prices/hours.ts'
import { DAY, HOUR } from '../../../../src/domain/price.ts'
import { at, candle, createParts, fault, ToldSource, toNumber } from './parts.ts'
import { signal } from './server.ts'

const all = (count: number) => Array.from({ length: count }, (_, hour) => candle(hour))
const MINUTE = 60_000

test('every hour of the range is asked for once, and the running one until it has settled', async () => {
  const first = new ToldSource('first')
  const { ports, state, hours, announced } = createParts([first], at(9) + 30 * MINUTE)
  first.candles = all(10)
  const fill = () => fillHours(ports, { from: at(0), to: at(Math.floor((state.now - at(0)) / HOUR)) }, signal)
  expect(await fill()).toEqual({ written: 10, missing: 0, isDisturbed: false })
  expect(announced).toEqual([['price']])
  expect(hours.get(at(3))).toEqual({ ...candle(3), source: 'first', askedAt: state.now })

  first.candles = [...all(9), candle(9, 0.012)]
  state.now += 10 * MINUTE
  await fill()
  expect(hours.get(at(9))?.close).toBe(0.012)
  // Its end alone does not settle it.
  first.candles = [...all(9), candle(9, 0.013), candle(10)]
  state.now = at(10) + 14 * MINUTE
  await fill()
  first.candles = [...all(9), candle(9, 0.014), candle(10)]
  state.now = at(10) + 16 * MINUTE
  await fill()
  first.candles = [...all(9), candle(9, 0.099), candle(10)]
  state.now = at(10) + 26 * MINUTE
  await fill()
  expect(hours.get(at(9))?.close).toBe(0.014)
  expect(first.asked).toEqual([
    [0, 9],
    [9, 9],
    [9, 10],
    [9, 10],
    [10, 10],
  ])
})

test('a long gap is asked for in bounded questions, the newest hours first', async () => {
  const first = new ToldSource('first', 40)
  const { ports, hours } = createParts([first], at(100) + HOUR)
  first.candles = all(100)
  await fillHours(ports, { from: at(0), to: at(99) }, signal)
  expect(first.asked).toEqual([
    [60, 99],
    [20, 59],
    [0, 19],
  ])
  expect(hours.size).toBe(100)
})

test('what the first source has not, the second is asked for; the first is asked again after a day', async () => {
  const [first, second] = [new ToldSource('first'), new ToldSource('second')]
  const { ports, state, hours } = createParts([first, second], at(20))
  first.candles = all(10).filter(({ hour }) => ![3, 4, 7].includes(toNumber(hour)))
  second.candles = [candle(4, 0.011)]
  const range = { from: at(0), to: at(9) }
  expect(await fillHours(ports, range, signal)).toEqual({ written: 8, missing: 2, isDisturbed: false })
  expect(second.asked).toEqual([[3, 7]])
  expect(hours.get(at(4))).toMatchObject({ close: 0.011, source: 'second' })

  expect(await fillHours(ports, range, signal)).toMatchObject({ written: 0, missing: 2 })
  state.now += DAY - 1
  await fillHours(ports, range, signal)
  expect([first.asked.length, second.asked.length]).toEqual([1, 1])
  state.now += 2
  first.candles = all(10)
  expect(await fillHours(ports, range, signal)).toMatchObject({ written: 2, missing: 0 })
  expect([first.asked.length, second.asked.length]).toEqual([2, 1])
})

test('an operator may ask again at once', async () => {
  const first = new ToldSource('first')
  const { ports } = createParts([first], at(20))
  const range = { from: at(0), to: at(9) }
  await fillHours(ports, range, signal)
  await fillHours(ports, range, signal)
  expect(first.asked.length).toBe(1)
  await fillHours(ports, range, signal, { asksAgain: true })
  expect(first.asked.length).toBe(2)
})

test('a source that fails is left alone by itself; its hours are not called absent', async () => {
  const [first, second] = [new ToldSource('first'), new ToldSource('second')]
  const { ports, state, absences, lines } = createParts([first, second], at(20))
  first.fault = fault('first', 'rate-limit', 300_000)
  second.candles = all(10).slice(0, 5)
  const range = { from: at(0), to: at(9) }
  expect(await fillHours(ports, range, signal)).toEqual({ written: 5, missing: 5, isDisturbed: true })
  expect(lines.join('')).toContain('"seconds":300')
  await fillHours(ports, range, signal)
  expect(first.asked.length).toBe(1)
  expect([...absences.keys()].every((key) => key.startsWith('second'))).toBe(true)
  // Back again: what the second had stays.
  state.now += 300_001
  first.fault = null
  first.candles = all(10)
  expect(await fillHours(ports, range, signal)).toEqual({ written: 5, missing: 0, isDisturbed: false })
})

test('an hour without trades is stored, and is no gap', async () => {
  const first = new ToldSource('first')
  const { ports, hours, absences } = createParts([first], at(20))
  first.candles = [{ ...candle(0), volumeFrom: 0, volumeTo: 0 }]
  await fillHours(ports, { from: at(0), to: at(1) }, signal)
  expect(hours.get(at(0))).toMatchObject({ volumeFrom: 0, volumeTo: 0 })
  expect([...absences.keys()]).toEqual([`first ${at(1)}`])
})

test('what is refused is never stored, is told of, and is not asked for again the same day', async () => {
  const first = new ToldSource('first')
  const { ports, hours, lines } = createParts([first], at(20))
  first.candles = [candle(0), { ...candle(1), close: 0 }, candle(2, 5), candle(3)]
  const range = { from: at(0), to: at(3) }
  expect(await fillHours(ports, range, signal)).toMatchObject({ written: 2, missing: 2 })
  expect([...hours.keys()].map(toNumber).sort()).toEqual([0, 3])
  expect(lines.join('')).toContain('"refused":2,"reason":"not positive","hour":"2026-01-01T01:00:00.000Z"')
  await fillHours(ports, range, signal)
  expect(first.asked.length).toBe(1)
})

test('a jump is stored when another source tells the same', async () => {
  const [first, second] = [new ToldSource('first'), new ToldSource('second')]
  const { ports, hours } = createParts([first, second], at(20))
  first.candles = [candle(0), candle(1), candle(2, 1.5)]
  second.candles = [candle(2, 1.4)]
  await fillHours(ports, { from: at(0), to: at(2) }, signal)
  expect(hours.get(at(2))).toMatchObject({ close: 1.5, source: 'first' })
  expect(second.asked).toEqual([[2, 2]])
})

test('a jump is not stored when the other source says otherwise, and its own price stands instead', async () => {
  const [first, second] = [new ToldSource('first'), new ToldSource('second')]
  const { ports, hours } = createParts([first, second], at(20))
  first.candles = [candle(0), candle(1), candle(2, 1.5)]
  second.candles = [candle(2, 0.011)]
  await fillHours(ports, { from: at(0), to: at(2) }, signal)
  expect(hours.get(at(2))).toMatchObject({ close: 0.011, source: 'second' })
})

test('toRange() holds whole hours from the beginning to the running one', () => {
  expect(toRange(at(1) + 1, at(3) + 5)).toEqual({ from: at(2), to: at(3) })
  expect(toRange(at(5), at(4))).toBe(null)
})
