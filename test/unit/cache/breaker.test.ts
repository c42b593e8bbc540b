import { expect, test } from 'vitest'
import { Breaker, UnavailableError } from '../../../src/cache/breaker.ts'

function openAt(now: number): Breaker {
  const breaker = new Breaker()
  for (let i = 0; i < 3; i++) {
    breaker.enter(now)
    breaker.fail(now, new Error('down'))
  }
  return breaker
}

test('two failures are not an outage, three in a row are', () => {
  const breaker = new Breaker()
  for (let i = 0; i < 2; i++) breaker.fail(0, null)
  expect(breaker.refuses(0)).toBe(false)
  breaker.succeed()
  for (let i = 0; i < 2; i++) breaker.fail(0, null)
  expect(breaker.refuses(0)).toBe(false)
  breaker.fail(0, null)
  expect(breaker.refuses(0)).toBe(true)
})

test('refusal tells how long to wait, and why', () => {
  const breaker = openAt(1_000)
  try {
    breaker.enter(1_100)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error).toMatchObject({ retryAfter: 500, cause: { message: 'down' } })
  }
})

test('pauses double up to eight seconds', () => {
  const breaker = openAt(0)
  let now = 0
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) {
    let pause = 0
    while (breaker.refuses(now + pause)) pause += 100
    pauses.push(pause)
    now += pause
    breaker.enter(now)
    breaker.fail(now, null)
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000])
})

test('one probe at a time, and one that never reports does not close the way for ever', () => {
  const breaker = openAt(0)
  breaker.enter(600)
  expect(breaker.refuses(600)).toBe(true)
  expect(breaker.refuses(15_500)).toBe(true)
  expect(breaker.refuses(15_600)).toBe(false)
  breaker.succeed()
  expect(breaker.refuses(0)).toBe(false)
})
