import { describe, expect, test } from 'vitest'
import { BUDGETS } from '../../../src/api/policy.ts'
import { POLICY_FIELDS, toRateLimitField } from '../../../src/limit/headers.ts'
import { createLimiter, SHARED_STRIDE, type SharedLimiter } from '../../../src/limit/limiter.ts'
import { TestBackground, TestClock } from '../cache/helpers.ts'

const budgets = {
  cheap: { requests: 3, window: 60 },
  list: { requests: 2, window: 60 },
  search: { requests: 1, window: 10 },
}

function setUp(shared?: SharedLimiter, maxClients = 100, given = budgets) {
  const clock = new TestClock()
  const background = new TestBackground()
  return {
    clock,
    background,
    limiter: createLimiter({ budgets: given, maxClients }, { clock, background, shared }),
  }
}

describe('a window', () => {
  test('holds its budget, refuses the rest and is renewed exactly at its end', () => {
    const { limiter, clock } = setUp()
    const take = () => limiter.take('192.0.2.1', 'cheap')
    expect(take()).toEqual({ isAllowed: true, remaining: 2, resetAfter: 60 })
    clock.pass(20)
    expect(take()).toEqual({ isAllowed: true, remaining: 1, resetAfter: 40 })
    expect(take()).toEqual({ isAllowed: true, remaining: 0, resetAfter: 40 })
    expect(take()).toEqual({ isAllowed: false, remaining: 0, resetAfter: 40 })
    clock.time += 39_999
    expect(take()).toEqual({ isAllowed: false, remaining: 0, resetAfter: 1 })
    clock.time += 1
    expect(take()).toEqual({ isAllowed: true, remaining: 2, resetAfter: 60 })
  })

  test('begins with the first request: waiting does not save up', () => {
    const { limiter, clock } = setUp()
    limiter.take('a', 'cheap')
    clock.pass(600)
    expect(limiter.take('a', 'cheap')).toEqual({ isAllowed: true, remaining: 2, resetAfter: 60 })
  })

  test('budgets and clients are counted apart', () => {
    const { limiter } = setUp()
    expect(limiter.take('a', 'search').isAllowed).toBe(true)
    expect(limiter.take('a', 'search').isAllowed).toBe(false)
    expect(limiter.take('a', 'list').isAllowed).toBe(true)
    expect(limiter.take('b', 'search').isAllowed).toBe(true)
  })

  test('one /64 is one client, and so is an IPv4 address however it is written', () => {
    const { limiter } = setUp()
    limiter.take('2001:db8::1', 'search')
    expect(limiter.take('2001:db8::ffff:2', 'search').isAllowed).toBe(false)
    expect(limiter.take('2001:db8:0:1::1', 'search').isAllowed).toBe(true)
    limiter.take('192.0.2.7', 'search')
    expect(limiter.take('::ffff:192.0.2.7', 'search').isAllowed).toBe(false)
  })
})

test('a flood of addresses does not grow the memory, and the busy client is not forgotten by it', () => {
  const { limiter } = setUp(undefined, 50)
  limiter.take('busy', 'search')
  for (let i = 0; i < 10_000; i++) {
    limiter.take(`10.0.${i >> 8}.${i & 255}`, 'search')
    if (i % 20 === 0) limiter.take('busy', 'search')
  }
  expect(limiter.take('busy', 'search').isAllowed).toBe(false)
})

describe('the shared counter', () => {
  const many = { ...budgets, cheap: { requests: 100, window: 60 } }

  test('never keeps a request waiting; its refusal holds to the end of the window', async () => {
    let refuse = (_isWithin: boolean) => {}
    const shared = { take: () => new Promise<boolean>((resolve) => (refuse = resolve)) }
    const { limiter, clock, background } = setUp(shared, 100, many)
    expect(limiter.take('a', 'cheap').isAllowed).toBe(true)
    refuse(false)
    await background.settle()
    expect(limiter.take('a', 'cheap')).toEqual({ isAllowed: false, remaining: 0, resetAfter: 60 })
    clock.pass(60)
    expect(limiter.take('a', 'cheap').isAllowed).toBe(true)
  })

  test('is asked for one request in a stride, under the key of the client', async () => {
    const asked: string[] = []
    const shared = { take: async (budget: string, client: string) => asked.push(`${budget} ${client}`) > 0 }
    const { limiter, background } = setUp(shared, 100, many)
    for (let i = 0; i < 3 * SHARED_STRIDE; i++) limiter.take('2001:db8::1', 'cheap')
    await background.settle()
    expect(asked).toEqual(Array(3).fill('cheap 2001:db8:0:0::/64'))
  })

  test('when it fails, memory decides', async () => {
    const shared = { take: () => Promise.reject(new Error('broken')) }
    const { limiter, background } = setUp(shared, 100, many)
    limiter.take('a', 'cheap')
    await background.settle()
    expect(limiter.take('a', 'cheap').isAllowed).toBe(true)
  })

  test('a refusal of a window that has ended does not reach into the next', async () => {
    let refuse = (_isWithin: boolean) => {}
    const shared = { take: () => new Promise<boolean>((resolve) => (refuse = resolve)) }
    const { limiter, clock, background } = setUp(shared, 100, many)
    limiter.take('a', 'cheap')
    const late = refuse
    clock.pass(61)
    limiter.take('a', 'cheap')
    late(false)
    refuse(true)
    await background.settle()
    expect(limiter.take('a', 'cheap').isAllowed).toBe(true)
  })
})

test('the fields follow the IETF draft: String items with integer parameters', () => {
  expect(POLICY_FIELDS.cheap).toBe(`"cheap";q=${BUDGETS.cheap.requests};w=60`)
  expect(toRateLimitField('search', { isAllowed: true, remaining: 7, resetAfter: 12 })).toBe(
    '"search";r=7;t=12',
  )
})
