import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCli } from '../../crawler/cli/cli.ts'
import type { Command } from '../../crawler/cli/command.ts'
import { createPriceCommands } from '../../crawler/cli/prices.ts'
import { createFeed } from '../../crawler/devnet/prices/feed.ts'
import { CSV_HEADER } from '../../crawler/prices/csv.ts'
import { DAY, HOUR, HOURS_PER_RUN, type HourlyPrice, SETTLING } from '../../src/domain/price.ts'
import { createPriceWriter } from '../../src/store/price-writer.ts'
import { buildPrice, createRandom, PRICES_FROM } from '../support/builders.ts'
import { useReaders, useStore } from './store-suite.ts'

const at = (hour: number) => PRICES_FROM + hour * HOUR

async function usePrices() {
  const store = await useStore()
  const prices = createPriceWriter(store.writerUrl)
  afterAll(() => prices.close())
  return { store, prices, readers: await useReaders(store) }
}

describe('prices', async () => {
  const { prices, readers } = await usePrices()

  test('before the first one there is nothing', async () => {
    for (const { reader } of readers) {
      expect(await reader.readCurrentPrice()).toBe(null)
      expect(await reader.readPrices(0, at(100))).toEqual([])
      expect(await reader.readPriceRuns(HOURS_PER_RUN)).toEqual([])
    }
    expect(await prices.readPriceBefore(at(5))).toBe(null)
    await prices.writePrices([])
  })

  test('come back to the last digit, from both drivers', async () => {
    const random = createRandom(4)
    const odd = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 123_456_789.123_456_79, 1e-7, 12]
    const written: HourlyPrice[] = odd.map((open, hour) =>
      buildPrice(hour, {
        open,
        close: random(2 ** 31) / 7e11,
        volumeFrom: hour % 2 ? null : 0,
        volumeTo: hour % 3 ? 1e15 / 3 : null,
        source: hour === 3 ? '💥'.repeat(40) : 'cryptocompare',
      }),
    )
    await prices.writePrices(written)
    await prices.writeCurrent({ usd: 1 / 3, at: at(7), source: 'coingecko' })
    for (const { name, reader } of readers) {
      expect(await reader.readPrices(at(0), at(6)), name).toEqual(written)
      expect(await reader.readCurrentPrice(), name).toEqual({ usd: 1 / 3, at: at(7), source: 'coingecko' })
    }
  })

  test('an hour is replaced by what is told later; bounds are inclusive', async () => {
    await prices.writePrices([buildPrice(5, { close: 7 }), buildPrice(8)])
    await prices.writeCurrent({ usd: 2, at: at(8), source: 'cryptocompare' })
    const [{ reader }] = readers
    const found = await reader.readPrices(at(5), at(8))
    expect(found.map(({ hour }) => (hour - PRICES_FROM) / HOUR)).toEqual([5, 6, 8])
    expect(found[0]?.close).toBe(7)
    expect((await reader.readCurrentPrice())?.usd).toBe(2)
    expect((await prices.readPriceBefore(at(8)))?.hour).toBe(at(6))
    expect((await prices.readPriceBefore(at(8) + 1))?.hour).toBe(at(8))
  })

  test('a number that is none is refused before it reaches the store', async () => {
    for (const close of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(async () =>
        prices.writePrices([buildPrice(9), buildPrice(10, { close })]),
      ).rejects.toThrow(RangeError)
    }
    expect(await prices.readPriceBefore(at(100))).toMatchObject({ hour: at(8) })
  })

  test('what has settled is told apart from what has not, by run too', async () => {
    const end = at(20) + HOUR
    await prices.writePrices([
      buildPrice(20, { askedAt: end + SETTLING - 1 }),
      buildPrice(21, { askedAt: at(22) + SETTLING }),
      buildPrice(HOURS_PER_RUN),
    ])
    expect((await prices.readSettledHours(at(7), at(21))).map((hour) => (hour - PRICES_FROM) / HOUR)).toEqual(
      [8, 21],
    )
    const run = PRICES_FROM / HOUR / HOURS_PER_RUN
    for (const { name, reader } of readers) {
      expect(await reader.readPriceRuns(HOURS_PER_RUN), name).toEqual([
        { number: run, hours: 10, settled: 9 },
        { number: run + 1, hours: 1, settled: 1 },
      ])
    }
  })

  test('what a source has not is remembered for it alone, with when it was asked', async () => {
    await prices.writeAbsences('a', [at(1), at(2), at(9)], 1_000)
    await prices.writeAbsences('a', [at(2)], 2_000)
    await prices.writeAbsences('b', [at(3)], 2_000)
    await prices.writeAbsences('b', [], 2_000)
    expect(await prices.readAbsentHours('a', at(0), at(5), 1_000)).toEqual([at(1), at(2)])
    expect(await prices.readAbsentHours('a', at(0), at(5), 1_001)).toEqual([at(2)])
    expect(await prices.readAbsentHours('b', at(3), at(3), 0)).toEqual([at(3)])
  })
})

describe('the commands', async () => {
  const { store, prices, readers } = await usePrices()
  const folder = mkdtempSync(join(tmpdir(), 'prices-'))
  const now = at(240)
  const [{ reader }] = readers

  const commands = createPriceCommands({ now: () => now, listenForStop: () => new AbortController().signal })
  const table: readonly Command[] = [
    { name: 'prices import', words: 'FILE', line: '', load: async () => commands.importPrices },
    { name: 'prices fill', line: '', load: async () => commands.fillPrices },
  ]

  async function run(args: string[], env: Record<string, string> = {}) {
    const said: string[] = []
    const say = (text: string) => void said.push(text)
    const given = { env: { DATABASE_URL: store.writerUrl, ...env }, out: say, err: say }
    const code = await runCli(table, ['prices', ...args], given).catch((error: Error) => {
      said.push(`${error.name}: ${error.message}`)
      return null
    })
    return { code, said: said.join('') }
  }

  function write(name: string, ...lines: string[]): string {
    const file = join(folder, name)
    writeFileSync(file, [CSV_HEADER, ...lines, ''].join('\n'))
    return file
  }

  const line = (hour: number) => `${at(hour) / 1_000},0.01,0.02,0.005,0.015,1,1`

  test('prices import: all or nothing', async () => {
    const huge = `${at(2) / 1_000},1e300,1e300,0.005,0.015,1,1`
    const absurd = await run(['import', write('huge.csv', line(0), huge)])
    expect(absurd.said).toContain(':3: open "1e300" is not within 1e-9 and 1000000 dollars\n')
    expect(absurd.said).toContain('Nothing is imported: 1 of 2 lines refused.')
    const file = write('bad.csv', line(0), 'nonsense', line(1))
    const { code, said } = await run(['import', file])
    expect([code, said]).toEqual([null, expect.stringContaining(`${file}:3: has 1 fields, not 7`)])
    expect(said).toContain('Nothing is imported: 1 of 3 lines refused.')
    expect(await reader.readPrices(0, now)).toEqual([])
  })

  test('prices import --skip-bad takes the good lines, and says what to drop', async () => {
    const { code, said } = await run(['import', '--skip-bad', join(folder, 'bad.csv')])
    expect(code).toBe(2)
    expect(said).toContain('2 hours imported, 1 line refused.')
    expect(said).toContain(`drop prices/${PRICES_FROM / HOUR / HOURS_PER_RUN}`)
    expect((await reader.readPrices(0, now)).map(({ source }) => source)).toEqual(['import', 'import'])
  })

  test('prices import of a good file puts its hours in the place of those that were there', async () => {
    await prices.writePrices([buildPrice(2)])
    const { code, said } = await run(['import', write('good.csv', line(2), line(3))])
    expect([code, said]).toEqual([0, expect.stringContaining('2 hours imported, 0 lines refused.')])
    expect(await reader.readPrices(at(2), at(2))).toMatchObject([{ close: 0.015, source: 'import' }])
    const one = await run(['import', write('one.csv', line(3))])
    expect(one.said).toContain('1 hour imported, 0 lines refused.')
  })

  test('prices fill asks the configured sources for what is missing, and leaves the rest', async () => {
    const feed = createFeed({ since: at(0), now: () => now })
    await feed.listen(0)
    afterAll(() => feed.close())
    const env = { PRICE_SOURCES: 'sample', SAMPLE_PRICES_URL: feed.url }
    const range = ['--from', '2025-12-31T22:00:00Z', '--to', new Date(at(9)).toISOString()]
    const { code, said } = await run(['fill', ...range], env)
    expect([code, said]).toEqual([2, expect.stringContaining('6 of 12 hours filled, 2 without a price.')])
    const found = await reader.readPrices(0, now)
    expect(found.map(({ source }) => source)).toEqual([
      ...Array(4).fill('import'),
      ...Array(6).fill('sample'),
    ])
    expect(await prices.readAbsentHours('sample', 0, now, now - DAY)).toEqual([at(-2), at(-1)])
    expect(
      (await run(['fill', '--from', new Date(at(0)).toISOString(), '--to', range[3] as string], env)).code,
    ).toBe(0)
  })

  test('the edge is told which runs to drop', async () => {
    const told: unknown[] = []
    const edge = createServer((request, response) => {
      request.on('data', (data) => told.push(request.headers.authorization, JSON.parse(data)))
      request.on('end', () => response.end('{}'))
    })
    await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve))
    const PUBLIC_URL = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`
    const PURGE_TOKEN = 'a-token-of-the-crawler'
    expect((await run(['import', join(folder, 'good.csv')], { PUBLIC_URL, PURGE_TOKEN })).code).toBe(0)
    edge.close()
    const drop = [`prices/${PRICES_FROM / HOUR / HOURS_PER_RUN}`]
    expect(told).toEqual([`Bearer ${PURGE_TOKEN}`, { groups: ['price'], drop }])
    const { said } = await run(['import', join(folder, 'good.csv')], {
      PUBLIC_URL: 'http://127.0.0.1:1',
      PURGE_TOKEN,
    })
    expect(said).toContain('could not be told')
  })

  test.each([
    [['import'], 'UsageError: prices import takes one file'],
    [['import', 'a', 'b'], 'UsageError: prices import takes one file'],
    [['import', '/nosuch.csv'], 'CommandError: /nosuch.csv: ENOENT'],
    [['import', '/dev/zero'], 'CommandError: /dev/zero:1: longer than 400 characters.'],
    [['fill', '--from', 'yesterday'], 'UsageError: --from "yesterday" is no time'],
    [['fill'], 'CommandError: PRICE_SOURCES is not set'],
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, said } = await run(args)
    expect([code, said]).toEqual([null, expect.stringContaining(message)])
  })
})
