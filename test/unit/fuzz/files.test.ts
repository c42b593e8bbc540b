import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseChain } from '../../../crawler/chains/chains.ts'
import { CSV_HEADER, parsePriceCsv } from '../../../crawler/prices/csv.ts'
import { checkLabels } from '../../../src/domain/label.ts'
import { HOUR, LEAST_USD, MOST_TRADED, MOST_USD } from '../../../src/domain/price.ts'
import { PRICES_FROM } from '../../support/builders.ts'
import { fuzz, mutate, mutateText } from '../../support/fuzz.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const csv = [
  CSV_HEADER,
  ...Array.from(
    { length: 6 },
    (_, index) => `${PRICES_FROM + index * HOUR},0.0${index + 1},0.09,0.001,0.02,5,`,
  ),
].join('\n')

test('of a file of prices each line is a price of an hour, or is refused by its number', async () => {
  const now = PRICES_FROM + 1_000 * HOUR
  await fuzz(5_000, async (random) => {
    const lines = mutateText(mutateText(csv, random), random).split('\n')
    const { prices, bad } = await parsePriceCsv(lines, now)
    if (lines[0] === CSV_HEADER) expect(prices.length + bad.length).toBe(lines.length - 1)
    else expect(bad).toHaveLength(1)
    for (const { line, reason } of bad) {
      expect(line).toBeGreaterThan(0)
      expect(reason.length).toBeLessThan(300)
    }
    for (const { hour, high, low, volumeFrom } of prices) {
      expect(hour % HOUR).toBe(0)
      expect(low >= LEAST_USD && low <= high && high <= MOST_USD).toBe(true)
      expect(volumeFrom === null || (volumeFrom >= 0 && volumeFrom <= MOST_TRADED)).toBe(true)
    }
  })
})

test('a file of a known chain is read whole or refused with its name', async () => {
  const text = read('crawler/chains/casper.json')
  const whole = JSON.parse(text) as unknown
  const chain = parseChain(text, 'casper')
  await fuzz(300, (random) => {
    const given = random(4) === 0 ? mutateText(text, random) : toText(mutate(whole, random).value)
    if (given === null) return
    try {
      expect(Object.keys(parseChain(given, 'casper')).sort()).toEqual(Object.keys(chain).sort())
    } catch (error) {
      expect((error as Error).message).toMatch(/^crawler\/chains\/casper\.json: /)
    }
  })
})

test('a file of labels is read whole, or told what is wrong in it', async () => {
  const whole = JSON.parse(read('src/domain/labels/casper.json')) as { labels: unknown[] }
  await fuzz(1_000, (random) => {
    const { labels, faults } = checkLabels(mutate(whole, random).value, 'casper')
    if (faults.length > 0) return expect(faults[0]).toMatch(/^\w+(\.\w+)*: ./)
    // Only the list itself may have become another: one entry more or fewer.
    expect(Math.abs(labels.length - whole.labels.length)).toBeLessThanOrEqual(whole.labels.length)
    for (const { name, source } of labels)
      expect(name.trim() !== '' && source.toLowerCase().startsWith('https://')).toBe(true)
  })
})

/** null for what the engine's own writer cannot: nested too deep, or with a bigint. */
function toText(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    return null
  }
}
