import {
  HOUR,
  type HourlyPrice,
  LEAST_USD,
  LISTED_AT,
  MOST_TRADED,
  MOST_USD,
} from '../../src/domain/price.ts'
import { type Ms, parseTime } from '../../src/domain/time.ts'
import { findFlaw, isPrice, isVolume } from './judge.ts'

/** The first line of a file of prices, to the letter. */
export const CSV_HEADER = 'hour,open,high,low,close,volumeFrom,volumeTo'
const [, ...COLUMNS] = CSV_HEADER.split(',')

export interface BadLine {
  /** Counted from 1, the header's. */
  readonly line: number
  readonly reason: string
}

export interface ParsedPrices {
  readonly prices: readonly HourlyPrice[]
  readonly bad: readonly BadLine[]
}

/**
 * Reads hourly prices out of the lines of a CSV file: comma-separated, without quotes. Hours are RFC 3339 times, or
 * seconds or milliseconds since 1970; volumes may be empty where they are not known. Nothing is guessed: a line that is
 * not exactly so is refused with its number.
 * @param now an hour that is not over then is refused
 */
export async function parsePriceCsv(
  lines: Iterable<string> | AsyncIterable<string>,
  now: Ms,
): Promise<ParsedPrices> {
  const prices: HourlyPrice[] = []
  const bad: BadLine[] = []
  const lineOfHour = new Map<Ms, number>()
  let line = 0
  for await (const text of lines) {
    line++
    if (line === 1) {
      // Some editors begin a file with a byte order mark.
      if (text.replace(/^\uFEFF/, '') === CSV_HEADER) continue
      return { prices, bad: [HEADLESS] }
    }
    const parsed = parseLine(text, now)
    const before = typeof parsed === 'string' ? undefined : lineOfHour.get(parsed.hour)
    if (typeof parsed === 'string') bad.push({ line, reason: parsed })
    else if (before !== undefined) bad.push({ line, reason: `the hour of line ${before} again` })
    else {
      lineOfHour.set(parsed.hour, line)
      prices.push(parsed)
    }
  }
  return { prices, bad: line === 0 ? [HEADLESS] : bad }
}

const HEADLESS: BadLine = { line: 1, reason: `must be ${CSV_HEADER}` }

const NUMBER = /^\d+(\.\d+)?([eE][+-]?\d{1,3})?$/

/** The price, or what is wrong with the line. */
function parseLine(text: string, now: Ms): HourlyPrice | string {
  const fields = text.split(',')
  if (fields.length !== 7) return `has ${fields.length} fields, not 7`
  const [hourText = '', ...numbers] = fields
  const hour = parseHour(hourText)
  if (hour === null) return `${quote(hourText)} is no time: RFC 3339, or seconds or milliseconds since 1970`
  const fault = COLUMNS.map((column, i) => findFault(column, numbers[i] ?? '')).find((one) => one !== null)
  if (fault !== undefined) return fault
  const [open = 0, high = 0, low = 0, close = 0] = numbers.map(Number)
  const [volumeFrom = null, volumeTo = null] = numbers
    .slice(4)
    .map((field) => (field === '' ? null : Number(field)))
  const price = { hour, open, high, low, close, volumeFrom, volumeTo, source: 'import', askedAt: now }
  const flaw = findFlaw(price, now)
  if (flaw !== null) return flaw
  if (hour < LISTED_AT) return 'before CSPR was traded'
  return hour + HOUR > now ? 'the hour is not over' : price
}

/** What is wrong with a number of a column; null when nothing is. */
function findFault(column: string, text: string): string | null {
  const isOfVolume = column.startsWith('volume')
  if (isOfVolume && text === '') return null
  if (!NUMBER.test(text)) return `${column} ${quote(text)} is no number`
  if (isOfVolume) return isVolume(Number(text)) ? null : `${column} ${quote(text)} is above ${MOST_TRADED}`
  return isPrice(Number(text))
    ? null
    : `${column} ${quote(text)} is not within ${LEAST_USD} and ${MOST_USD} dollars`
}

const SECONDS = /^\d{9,10}$/
const MILLISECONDS = /^\d{12,13}$/

function parseHour(text: string): Ms | null {
  if (SECONDS.test(text)) return Number(text) * 1_000
  if (MILLISECONDS.test(text)) return Number(text)
  try {
    return parseTime(text)
  } catch {
    return null
  }
}

const quote = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
