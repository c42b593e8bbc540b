import { expect, test } from 'vitest'
import { type EndpointName, endpoints } from '../../../src/api/endpoints.ts'
import { createParamsParser } from '../../../src/api/parse-params.ts'
import { ProblemError } from '../../../src/api/problem.ts'
import { MAX_QUERY, parseQuery } from '../../../src/api/query.ts'
import { createRandom } from '../../support/builders.ts'

const names = Object.keys(endpoints) as EndpointName[]

function problemOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof ProblemError) return error.problem
    throw error
  }
  throw new Error('Nothing was refused')
}

test('parseQuery() decodes pairs in their order', () => {
  const pairs = (query: string) =>
    parseQuery(`http://host/path${query}`).map(({ name, value }) => [name, value])
  expect(pairs('')).toEqual([])
  expect(pairs('?')).toEqual([])
  expect(pairs('?a=1&b=2&a=3')).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
  ])
  expect(pairs('?a&b=&=c&&')).toEqual([
    ['a', ''],
    ['b', ''],
    ['', 'c'],
  ])
  expect(pairs('?a=x+y%20z%26&%C3%A4=%F0%9F%9A%97')).toEqual([
    ['a', 'x y z&'],
    ['ä', '🚗'],
  ])
  expect(pairs('?a=b=c?d#e&f=g')).toEqual([['a', 'b=c?d']])
})

test('parseQuery() refuses what is no UTF-8 and what is too long', () => {
  expect(problemOf(() => parseQuery('/x?a=%C3%28'))).toMatchObject({
    status: 400,
    errors: [{ parameter: 'a' }],
  })
  expect(problemOf(() => parseQuery('/x?%=1')).status).toBe(400)
  expect(problemOf(() => parseQuery(`/x?a=${'b'.repeat(MAX_QUERY)}`)).status).toBe(414)
})

test('defaults stand in for what is absent', () => {
  const parse = createParamsParser(endpoints.listTransfers)
  expect(parse('/v1/transfers', {})).toEqual({ limit: 100, order: 'desc', units: 'motes' })
  expect(parse('/v1/transfers?limit=5&minAmount=12345678901234567890', {})).toMatchObject({
    limit: 5,
    minAmount: 12_345_678_901_234_567_890n,
  })
})

test('a path parameter is required and cannot be overridden by the query', () => {
  const parse = createParamsParser(endpoints.getEra)
  expect(parse('/v1/eras/latest', { id: 'latest' })).toEqual({ id: 'latest', units: 'motes' })
  expect(problemOf(() => parse('/v1/eras/3?id=4', { id: '3' }))).toMatchObject({
    type: '/docs/problems#unknown-parameter',
  })
  expect(problemOf(() => parse('/v1/eras', {}))).toMatchObject({ type: '/docs/problems#missing-parameter' })
})

test('all that is wrong is named at once', () => {
  const parse = createParamsParser(endpoints.listBlocks)
  const problem = problemOf(() => parse('/v1/blocks?limit=x&order=up&colour=red', {}))
  expect(problem.errors?.map(({ parameter }) => parameter)).toEqual(['limit', 'order', 'colour'])
  expect(problem.errors?.[0]).toMatchObject({ allowed: 'an integer from 1 to 1000', value: '"x"' })
})

test('a filter may come in brackets, but not twice', () => {
  const parse = createParamsParser(endpoints.getBlocks)
  expect(JSON.parse(parse('/block?filter[limit]=2&filter[fields][]=eraId', {}).filter as string)).toEqual({
    limit: '2',
    fields: ['eraId'],
  })
  expect(parse('/block?filter=null', {})).toEqual({})
  expect(parse('/block?filter=', {})).toEqual({})
  expect(problemOf(() => parse('/block?filter={}&filter[limit]=2', {})).status).toBe(400)
  expect(problemOf(() => parse('/block?filter={}&filter={}', {})).status).toBe(400)
})

test('every parameter says what it allows', () => {
  for (const name of names) {
    const endpoint = endpoints[name]
    const parse = createParamsParser(endpoint)
    const path = Object.fromEntries([...endpoint.path.matchAll(/:(\w+)/g)].map(([, id]) => [id, '5']))
    for (const parameter of Object.keys(endpoint.params.shape)) {
      if (parameter in path || parameter === 'filter') continue
      const problem = problemOf(() => parse(`${endpoint.path}?${parameter}=`, path))
      expect(problem.errors?.[0]?.allowed, `${name} ${parameter}`).toBeTruthy()
    }
  }
})

test('whatever is sent is read or refused with a problem of 400 or 414', () => {
  const random = createRandom(5)
  const characters = 'abcdefid=&&%2[]{}":,+\\\u0000é🚗0159.-#?'
  const parsers = names.map((name) => ({
    parse: createParamsParser(endpoints[name]),
    endpoint: endpoints[name],
  }))
  for (let round = 0; round < 20_000; round++) {
    const { parse, endpoint } = parsers[random(parsers.length)]!
    const shape = Object.keys(endpoint.params.shape)
    const text = Array.from({ length: random(30) }, () => [...characters][random(33)]).join('')
    const query = random(2) ? text : `${shape[random(shape.length)] ?? 'x'}=${text}`
    try {
      parse(`http://host${endpoint.path}?${query}`, { id: text })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw new Error(query, { cause: error })
      expect([400, 414]).toContain(error.problem.status)
      expect(() => JSON.stringify(error.problem)).not.toThrow()
      expect(JSON.stringify(error.problem).length).toBeLessThan(20_000)
    }
  }
})
