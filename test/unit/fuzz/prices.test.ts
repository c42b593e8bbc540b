import { expect, test } from 'vitest'
import { createCoinGecko } from '../../../crawler/prices/coingecko.ts'
import { createCryptoCompare } from '../../../crawler/prices/cryptocompare.ts'
import { judgeHours, judgeQuote } from '../../../crawler/prices/judge.ts'
import { type PriceSource, SourceError } from '../../../crawler/prices/source.ts'
import { HOUR, LEAST_USD, MOST_TRADED, MOST_USD } from '../../../src/domain/price.ts'
import { PRICES_FROM } from '../../support/builders.ts'
import { fuzz, mutate, mutateText, pick, type Random, toJson } from '../../support/fuzz.ts'
import { fixture, serve, signal } from '../crawler/prices/server.ts'

const now = PRICES_FROM + 4 * HOUR
const TO = PRICES_FROM + 2 * HOUR
const clock = { now: () => now }

/** What a source may be right to say: every number that its answer holds as one. */
function numbersOf(value: unknown, into = new Set<number>(), depth = 0): Set<number> {
  if (typeof value === 'number') into.add(value)
  if (typeof value !== 'object' || value === null || depth > 10) return into
  for (const one of Object.values(value)) numbersOf(one, into, depth + 1)
  return into
}

function spoil(text: string, random: Random): string {
  if (random(3) === 0) return mutateText(mutateText(text, random), random)
  try {
    return toJson(mutate(JSON.parse(text), random).value)
  } catch {
    // Deeper than the engine's own writer goes.
    return `{"Response":"Success","prices":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  }
}

interface Kind {
  readonly name: string
  readonly create: (url: string) => PriceSource
  readonly hours: string
  readonly now: string
  readonly refusals: readonly string[]
}

const kinds: readonly Kind[] = [
  {
    name: 'cryptocompare',
    create: (url) => createCryptoCompare({ name: 'cryptocompare', url, key: null, spacing: 0 }),
    hours: fixture('cryptocompare-histohour'),
    now: fixture('cryptocompare-price'),
    refusals: ['cryptocompare-rate-limit', 'cryptocompare-no-market'].map(fixture),
  },
  {
    name: 'coingecko',
    create: (url) => createCoinGecko({ url, key: null, clock }),
    hours: fixture('coingecko-range'),
    now: fixture('coingecko-simple-price'),
    refusals: ['coingecko-beyond-plan', 'coingecko-rate-limit', 'coingecko-unknown'].map(fixture),
  },
]

/** null where the source says, as its own fault, that it has no answer. */
async function ask<T>(question: Promise<T>): Promise<T | null> {
  try {
    return await question
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    expect(error.message).toMatch(/^\w+: ./)
    expect(error.message.length).toBeLessThan(300)
    return null
  }
}

test.each(kinds)('$name: hours changed anywhere are those of the answer, or refused', async (kind) => {
  let body = kind.hours
  let status = 200
  const { url } = await serve(() => ({ status, body }))
  const source = kind.create(url)
  const whole = (await source.readHours(PRICES_FROM, TO, signal)).candles
  const outcomes = { whole: 0, less: 0, fault: 0 }
  await fuzz(1_500, async (random) => {
    status = pick([200, 200, 200, 400, 429, 500], random)
    body = spoil(random(8) ? kind.hours : pick(kind.refusals, random), random)
    const told = await ask(source.readHours(PRICES_FROM, TO, signal))
    if (told === null) return void outcomes.fault++
    expect(status).toBe(kind.name === 'coingecko' ? status : 200)
    outcomes[told.candles.length < whole.length ? 'less' : 'whole']++
    const said = numbersOf(JSON.parse(body))
    for (const { hour, ...figures } of told.candles) {
      expect(hour >= PRICES_FROM && hour <= TO).toBe(true)
      for (const figure of Object.values(figures)) {
        if (figure !== null) expect(said, `${figure} in ${body.slice(0, 2_000)}`).toContain(figure)
      }
    }
    const { accepted } = judgeHours(told.candles, { now, before: null })
    for (const { hour, low, high, open, close, volumeFrom, volumeTo } of accepted) {
      expect(hour % HOUR).toBe(0)
      for (const price of [low, high, open, close]) {
        expect(price >= LEAST_USD && price <= MOST_USD).toBe(true)
      }
      expect(low).toBeLessThanOrEqual(high)
      for (const volume of [volumeFrom, volumeTo]) {
        if (volume !== null) expect(volume >= 0 && volume <= MOST_TRADED).toBe(true)
      }
    }
  })
  expect(outcomes.whole).toBeGreaterThan(50)
  expect(outcomes.less).toBeGreaterThan(50)
  expect(outcomes.fault).toBeGreaterThan(50)
})

test.each(kinds)('$name: a price now changed anywhere is the one of the answer, or refused', async (kind) => {
  let body = kind.now
  const { url } = await serve(() => ({ body }))
  const source = kind.create(url)
  const before = { hour: now - HOUR, close: (await source.readNow(signal)).usd }
  let believed = 0
  let refused = 0
  await fuzz(1_000, async (random) => {
    body = spoil(random(8) ? kind.now : pick(kind.refusals, random), random)
    const quote = await ask(source.readNow(signal))
    if (quote === null || judgeQuote(quote, { now, before }) !== null) return void refused++
    believed++
    expect(numbersOf(JSON.parse(body))).toContain(quote.usd)
    expect(quote.usd / before.close).toBeGreaterThanOrEqual(1 / 100)
    expect(quote.usd / before.close).toBeLessThanOrEqual(100)
  })
  expect(believed).toBeGreaterThan(50)
  expect(refused).toBeGreaterThan(50)
})
