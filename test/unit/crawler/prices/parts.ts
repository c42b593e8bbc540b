import { createLog } from '../../../../crawler/log.ts'
import { toPolite } from '../../../../crawler/prices/polite.ts'
import type { PricePorts } from '../../../../crawler/prices/ports.ts'
import { type Candle, type PriceSource, type Quote, SourceError } from '../../../../crawler/prices/source.ts'
import type { PurgeGroup } from '../../../../src/api/policy.ts'
import { type CurrentPrice, HOUR, type HourlyPrice, isSettled } from '../../../../src/domain/price.ts'
import { PRICES_FROM } from '../../../support/builders.ts'

export const at = (hour: number) => PRICES_FROM + hour * HOUR
export const toNumber = (hour: number) => (hour - PRICES_FROM) / HOUR

export const candle = (hour: number, price = 0.01): Candle => ({
  hour: at(hour),
  open: price,
  high: price,
  low: price,
  close: price,
  volumeFrom: 1,
  volumeTo: price,
})

/** A source that tells what it is given, and remembers what it was asked. */
export class ToldSource implements PriceSource {
  readonly spacing = 0
  readonly maxHours: number
  readonly name: string
  readonly asked: (readonly [from: number, to: number])[] = []
  candles: readonly Candle[] = []
  quote: Quote = { usd: 0.01, at: null }
  fault: SourceError | null = null
  looks = 0

  constructor(name: string, maxHours = 100) {
    this.name = name
    this.maxHours = maxHours
  }

  async readNow(): Promise<Quote> {
    this.looks++
    if (this.fault) throw this.fault
    return this.quote
  }

  async readHours(from: number, to: number) {
    this.asked.push([toNumber(from), toNumber(to)])
    if (this.fault) throw this.fault
    return { candles: this.candles.filter(({ hour }) => hour >= from && hour <= to), misshapen: 0 }
  }
}

export const fault = (
  name: string,
  kind: SourceError['fault'] = 'network',
  retryAfter: number | null = null,
) => new SourceError(name, kind, 'as the test wants', { retryAfter })

/** A store of maps, a clock that pauses move, and everything else that the task needs. */
export function createParts(sources: readonly PriceSource[], startAt: number) {
  const hours = new Map<number, HourlyPrice>()
  const absences = new Map<string, number>()
  const state = { now: startAt, current: null as CurrentPrice | null, isDown: false }
  const announced: PurgeGroup[][] = []
  const lines: string[] = []
  const clock = { now: () => state.now }
  const log = createLog((line) => lines.push(line))
  const sleep = async (ms: number) => {
    state.now += ms
  }
  const up = () => {
    if (state.isDown) throw new Error('the store is down')
  }
  const ports: PricePorts = {
    sources: sources.map((source) => toPolite(source, { clock, sleep, log })),
    announce: (groups) => void announced.push([...groups]),
    clock,
    sleep,
    log,
    store: {
      async writePrices(prices) {
        up()
        for (const price of prices) hours.set(price.hour, price)
      },
      async writeCurrent(price) {
        up()
        state.current = price
      },
      async writeAbsences(source, its, askedAt) {
        for (const hour of its) absences.set(`${source} ${hour}`, askedAt)
      },
      async readPriceBefore(time) {
        up()
        const before = [...hours.values()].filter(({ hour }) => hour < time)
        return before.sort((a, b) => b.hour - a.hour)[0] ?? null
      },
      async readSettledHours(from, to) {
        up()
        const its = [...hours.values()].filter(
          (price) => isSettled(price) && price.hour >= from && price.hour <= to,
        )
        return its.map(({ hour }) => hour).sort((a, b) => a - b)
      },
      async readAbsentHours(source, from, to, since) {
        return [...absences]
          .filter(([key, askedAt]) => key.startsWith(`${source} `) && askedAt >= since)
          .map(([key]) => Number(key.split(' ')[1]))
          .filter((hour) => hour >= from && hour <= to)
      },
    },
  }
  return { ports, state, hours, absences, announced, lines }
}
