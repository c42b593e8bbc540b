import { expect, test } from 'vitest'
import { openLog } from '../../../crawler/log.ts'

function setUp(isTTY: boolean, format?: 'json' | 'pretty', isCi = false) {
  const clock = { time: Date.UTC(2026, 0, 1, 12), now: () => clock.time }
  let text = ''
  const out = { isTTY, columns: 100, write: (more: string) => (text += more) }
  const log = openLog(format, isCi, out, clock)
  return { clock, log, take: () => [text, (text = '')][0] }
}

const lastDrawn = (text = '') => text.split('\r\x1b[K').at(-1)

test('a terminal shows one line, redrawn, with the speed of the last ten seconds and the time left', () => {
  const { clock, log, take } = setUp(true)
  log.info('committed', { height: 0, tip: 9_999, era: 0, blocks: 1 })
  expect(take()).toBe('\r\x1b[K[........................] 0 / 9999  era 0')
  for (let second = 1; second <= 20; second++) {
    clock.time += 1_000
    // A slow start, which the speed forgets.
    log.info('committed', { height: second <= 10 ? second : 10 + (second - 10) * 499, tip: 9_999, era: 3 })
  }
  const text = take()
  expect(text).not.toContain('\n')
  expect(lastDrawn(text)).toBe('[############............] 5000 / 9999  era 3  499 blocks/s  11 s left')
  log.info('committed', { height: 9_999, tip: 9_999, era: 4 })
  expect(lastDrawn(take())).toBe('[########################] 9999 / 9999  era 4  at the tip')
})

test('other lines stand above the bar, and tell what they must', () => {
  const { log, take } = setUp(true)
  log.info('committed', { height: 0, tip: 1, era: 0 })
  take()
  log.warn('trying again', { node: 'a:1', reason: 'HTTP 500', retryAfter: null })
  expect(take()).toBe(
    '\r\x1b[K12:00:00  WARNING  trying again  node=a:1  reason=HTTP 500\n\r\x1b[K[############............] 0 / 1  era 0',
  )
})

test.each([
  { name: 'a pipe', isTTY: false, isCi: false, isJson: true },
  { name: 'a terminal of a CI run', isTTY: true, isCi: true, isJson: true },
  { name: 'a terminal that is told to', isTTY: true, isCi: false, format: 'json' as const, isJson: true },
  {
    name: 'a pipe that is told otherwise',
    isTTY: false,
    isCi: false,
    format: 'pretty' as const,
    isJson: false,
  },
])('$name gets JSON: $isJson', ({ isTTY, isCi, format, isJson }) => {
  const { clock, log, take } = setUp(isTTY, format, isCi)
  for (const height of [1, 2, 3]) log.info('committed', { height, blocks: 1, tip: 5, era: 0 })
  const text = take() ?? ''
  expect(text).not.toContain('\x1b')
  if (isJson) {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([1, 2, 3].map((height) => ({ event: 'committed', height, tip: 5 })))
  } else {
    // Progress once in a while, or a log file would drown in it.
    expect(text.split('\n')).toHaveLength(2)
    clock.time += 10_000
    log.info('committed', { height: 4, tip: 5, era: 0 })
    expect(take()).toContain('4 / 5')
  }
})
