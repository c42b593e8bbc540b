import { expect, onTestFinished, test } from 'vitest'
import { createFeed } from '../../../../crawler/devnet/prices/feed.ts'
import { madeUpHour, madeUpPrice, SAMPLE_SINCE } from '../../../../crawler/devnet/prices/made-up.ts'
import { loadRecording } from '../../../../crawler/devnet/recording.ts'
import { createCryptoCompare } from '../../../../crawler/prices/cryptocompare.ts'
import { judgeHours } from '../../../../crawler/prices/judge.ts'
import { HOUR } from '../../../../src/domain/price.ts'
import { signal } from './server.ts'

const now = SAMPLE_SINCE + 50 * 24 * HOUR + 20 * 60_000

async function start() {
  const feed = createFeed({ since: SAMPLE_SINCE, now: () => now })
  await feed.listen(0)
  onTestFinished(() => feed.close())
  return { feed, source: createCryptoCompare({ name: 'sample', url: feed.url, key: null, spacing: 0 }) }
}

test('the real client reads the sample feed, and nothing of it is refused', async () => {
  const { source } = await start()
  const from = SAMPLE_SINCE - 3 * HOUR
  const to = from + 1_199 * HOUR
  const { candles, misshapen } = await source.readHours(from, to, signal)
  expect([candles.length, misshapen, candles[0]?.hour]).toEqual([1_197, 0, SAMPLE_SINCE])
  expect(judgeHours(candles, { now, before: null }).refused).toEqual([])
  expect(candles.some(({ volumeFrom }) => volumeFrom === 0)).toBe(true)
  expect(await source.readNow(signal)).toEqual({ usd: madeUpPrice(now), at: null })
})

test('the running hour is told as far as it has gone', async () => {
  const { source } = await start()
  const hour = now - (now % HOUR)
  const { candles } = await source.readHours(hour, hour, signal)
  expect(candles).toEqual([madeUpHour(hour, now)])
  expect(candles[0]?.close).toBe(madeUpPrice(now))
})

test('the same instant has the same price always', () => {
  expect(madeUpPrice(Date.UTC(2026, 10, 23, 22))).toBe(0.0136466)
  expect(madeUpHour(SAMPLE_SINCE, now)).toEqual(madeUpHour(SAMPLE_SINCE, now + HOUR))
})

test('it covers the recorded chain', () => {
  const { firstHeight, block } = loadRecording('crawler/devnet/chains/casper-upgrade')
  expect(Date.parse(block(firstHeight)!.timestamp)).toBeGreaterThan(SAMPLE_SINCE)
})

test('it says no as the real one does', async () => {
  const { feed } = await start()
  const ask = async (path: string) => {
    const response = await fetch(feed.url + path)
    return [response.status, ((await response.json()) as { Response?: string }).Response]
  }
  expect(await ask('/data/price?fsym=BTC&tsyms=USD')).toEqual([200, 'Error'])
  expect(await ask('/data/v2/histohour?fsym=CSPR&tsym=USD&limit=2001')).toEqual([200, 'Error'])
  expect(await ask('/data/v2/histohour?fsym=CSPR&tsym=USD&limit=x')).toEqual([200, 'Error'])
  expect(await ask('/nosuch')).toEqual([404, 'Error'])
})
