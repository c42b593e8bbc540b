import { HOUR, type HourlyPrice, LISTED_AT } from '../../src/domain/price.ts'
import { type Ms, parseTime } from '../../src/domain/time.ts'
import { findFlaw } from './judge.ts'

/** The first line of a file of prices, to the letter. */
export const CSV_HEADER = 'hour,open,high,low,close,volumeFrom,volumeTo'

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
 * Reads hourly prices out of a CSV file: comma-separated, without quotes, lines ending in LF or CRLF. Hours are RFC 3339
 * times, or seconds or milliseconds since 1970; volumes may be empty where they are not known. Nothing is guessed: a
 * line that is not exactly so is refused with its number.
 * @param now an hour that is not over then is refused
 */
export function parsePriceCsv(text: string, now: Ms): ParsedPrices {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines[0] !== CSV_HEADER) return { prices: [], bad: [{ line: 1, reason: `must be ${CSV_HEADER}` }] }
  const prices: HourlyPrice[] = []
  const bad: BadLine[] = []
  const lineOfHour = new Map<Ms, number>()
  lines.forEach((text, index) => {
    if (index === 0) return
    const line = index + 1
    const parsed = parseLine(text, now)
    if (typeof parsed === 'string') {
      bad.push({ line, reason: parsed })
      return
    }
    const before = lineOfHour.get(parsed.hour)
    if (before !== undefined) {
      bad.push({ line, reason: `the hour of line ${before} again` })
      return
    }
    lineOfHour.set(parsed.hour, line)
    prices.push(parsed)
  })
  return { prices, bad }
}

const NUMBER = /^\d+(\.\d+)?([eE][+-]?\d{1,3})?$/

/** The price, or what is wrong with the line. */
function parseLine(text: string, now: Ms): HourlyPrice | string {
  const fields = text.split(',')
  if (fields.length !== 7) return `has ${fields.length} fields, not 7`
  const [hourText = '', ...rest] = fields
  const hour = parseHour(hourText)
  if (hour === null) return `${quote(hourText)} is no time: RFC 3339, or seconds or milliseconds since 1970`
  const isVolume = (index: number) => index >= 4
  const wrong = rest.find((field, index) => !NUMBER.test(field) && !(isVolume(index) && field === ''))
  if (wrong !== undefined) return `${quote(wrong)} is no number`
  const [open = 0, high = 0, low = 0, close = 0, volumeFrom = null, volumeTo = null] = rest.map((field) =>
    field === '' ? null : Number(field),
  ) as [number, number, number, number, number | null, number | null]
  const price = { hour, open, high, low, close, volumeFrom, volumeTo, source: 'import', askedAt: now }
  const flaw = findFlaw(price, now)
  if (flaw !== null) return flaw
  if (hour < LISTED_AT) return 'before CSPR was traded'
  return hour + HOUR > now ? 'the hour is not over' : price
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
