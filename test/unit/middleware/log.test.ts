import { expect, test } from 'vitest'
import { withAccessLog } from '../../../src/middleware/access-log.ts'
import { createReport } from '../../../src/middleware/log.ts'
import { TestClock } from '../cache/helpers.ts'
import { ask } from './helpers.ts'

test('the same failure again is counted, not written', () => {
  const lines: string[] = []
  const clock = new TestClock()
  const report = createReport((line) => lines.push(line), clock)
  for (let i = 0; i < 500; i++) report(`load of blocks/${i}`, new Error('down'))
  report('cache tier kv: get', new Error('slow', { cause: new Error('socket') }))
  clock.pass(11)
  report('load of blocks/7', new Error('down'))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at: '2023-11-14T22:13:20.000Z', level: 'error', event: 'load of blocks/0', reason: 'Error: down' },
    {
      at: '2023-11-14T22:13:20.000Z',
      level: 'error',
      event: 'cache tier kv: get',
      reason: 'Error: slow',
      cause: 'socket',
    },
    {
      at: '2023-11-14T22:13:31.000Z',
      level: 'error',
      event: 'load of blocks/7',
      reason: 'Error: down',
      more: 499,
    },
  ])
})

test('the access log has one line of JSON for each so many, and no secret', async () => {
  const lines: string[] = []
  const clock = new TestClock()
  const fetch = withAccessLog<null>(
    () => {
      clock.time += 12
      return new Response('', { status: 200, headers: { 'cache-status': 'casper-metrics; hit' } })
    },
    3,
    (line) => lines.push(line),
    clock,
  )
  const headers = { 'x-loadtest-token': 'secret-token', authorization: 'Bearer secret-token' }
  for (let i = 0; i < 6; i++) await fetch(ask('//block?hash=secret-query', { headers }), null)
  expect(lines.length).toBe(2)
  expect(JSON.parse(lines[0] as string)).toEqual({
    at: '2023-11-14T22:13:20.000Z',
    level: 'info',
    event: 'request',
    method: 'GET',
    path: '/block',
    status: 200,
    ms: 12,
    cache: 'casper-metrics; hit',
  })
  expect(lines.join('')).not.toContain('secret')
})

test('no access log costs nothing: the very same function', () => {
  const fetch = () => new Response()
  expect(withAccessLog(fetch, 0, () => {}, new TestClock())).toBe(fetch)
})
