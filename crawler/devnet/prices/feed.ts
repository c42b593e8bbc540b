import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HOUR, toHour } from '../../../src/domain/price.ts'
import type { Ms } from '../../../src/domain/time.ts'
import { madeUpHour, madeUpPrice } from './made-up.ts'

/*
 * A feed of made-up prices that speaks CryptoCompare's format, so that the recorded network is told prices by the same
 * client as a real one. Whatever it says is a sample.
 */

export interface FeedOptions {
  /** Before it the feed tells zeros, as CryptoCompare does before a coin was traded. */
  readonly since: Ms
  readonly now: () => Ms
}

export interface Feed {
  readonly url: string
  listen(port: number, host?: string): Promise<void>
  close(): Promise<void>
}

/** CryptoCompare's own bounds. */
const DEFAULT_LIMIT = 168
const MOST_HOURS = 2_000

export function createFeed(options: FeedOptions): Feed {
  const server = createServer((request, response) => answer(options, request, response))
  let url = ''
  return {
    get url() {
      return url
    },
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          url = `http://${host}:${(server.address() as AddressInfo).port}`
          resolve()
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer({ since, now }: FeedOptions, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://feed.invalid')
  const send = (body: object, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', 'x-prices': 'sample' })
    response.end(JSON.stringify(body))
  }
  if (pathname !== '/data/price' && pathname !== '/data/v2/histohour') {
    send(toError('Path does not exist', 1), 404)
    return
  }
  const to = searchParams.get(pathname === '/data/price' ? 'tsyms' : 'tsym')
  const from = searchParams.get('fsym')
  if (from !== 'CSPR' || to !== 'USD') {
    send(toError(`cccagg_or_exchange market does not exist for this coin pair (${from}-${to})`, 2))
    return
  }
  if (pathname === '/data/price') {
    send({ USD: madeUpPrice(now()) })
    return
  }
  const limit = Number(searchParams.get('limit') ?? DEFAULT_LIMIT)
  const end = Math.min(Number(searchParams.get('toTs') ?? now() / 1_000) * 1_000, now())
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_HOURS || !(end > 0)) {
    send(toError('limit or toTs param is invalid', 2))
    return
  }
  send(toHistory(toHour(end), limit, since, now()))
}

/** One hour more than `limit` says, as the real one gives. */
function toHistory(last: Ms, limit: number, since: Ms, now: Ms): object {
  const first = last - limit * HOUR
  const rows = Array.from({ length: limit + 1 }, (_, index) => toRow(first + index * HOUR, since, now))
  return {
    Response: 'Success',
    Message: '',
    HasWarning: false,
    Type: 100,
    RateLimit: {},
    Data: { Aggregated: false, TimeFrom: first / 1_000, TimeTo: last / 1_000, Data: rows },
  }
}

function toRow(hour: Ms, since: Ms, now: Ms): object {
  const none = { open: 0, high: 0, low: 0, close: 0, volumeFrom: 0, volumeTo: 0 }
  const { open, high, low, close, volumeFrom, volumeTo } = hour < since ? none : madeUpHour(hour, now)
  return {
    time: hour / 1_000,
    high,
    low,
    open,
    volumefrom: volumeFrom,
    volumeto: volumeTo,
    close,
    conversionType: 'direct',
    conversionSymbol: '',
  }
}

function toError(message: string, type: number): object {
  return { Response: 'Error', Message: message, HasWarning: false, Type: type, RateLimit: {}, Data: {} }
}
