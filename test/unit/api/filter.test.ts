import { expect, test } from 'vitest'
import { parseBrackets } from '../../../src/api/filter-brackets.ts'
import { toFilterFields } from '../../../src/api/filter-fields.ts'
import { parseFilter } from '../../../src/api/filter-parser.ts'
import { ProblemError } from '../../../src/api/problem.ts'
import { parseQuery } from '../../../src/api/query.ts'
import { compatibleBlock, compatibleEra } from '../../../src/api/wire/compatible.ts'
import { createRandom } from '../../support/builders.ts'

const eraFields = toFilterFields(compatibleEra)
const blockFields = toFilterFields(compatibleBlock)

const parse = (filter: unknown, fields = eraFields) => parseFilter(fields, JSON.stringify(filter))
const where = (value: unknown, fields = eraFields) => parse({ where: value }, fields).where

function problemOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof ProblemError) return error.problem
    throw error
  }
  throw new Error('Nothing was refused')
}

test('an empty filter asks for everything, a thousand at most', () => {
  expect(parse({})).toEqual({ where: null, order: [], fields: null, limit: 1_000, skip: 0 })
  expect(parse({ where: {}, fields: [], order: [] })).toEqual(parse({}))
})

test('parseFilter() reads what the acceptance examples send', () => {
  expect(
    parse({
      where: { and: [{ startBlock: { gte: 100 } }, { startBlock: { lte: 200 } }] },
      fields: ['rewards', 'id'],
      order: ['rewards DESC'],
      limit: 2,
    }),
  ).toEqual({
    where: {
      op: 'and',
      conditions: [
        { op: 'gte', field: 'startBlock', value: 100 },
        { op: 'lte', field: 'startBlock', value: 200 },
      ],
    },
    fields: ['id', 'rewards'],
    order: [{ field: 'rewards', direction: 'DESC' }],
    limit: 2,
    skip: 0,
  })
  expect(
    where(
      { and: [{ blockHeight: { gte: 1 } }, { blockHeight: { lte: 9 } }], switch: { eq: true } },
      blockFields,
    ),
  ).toEqual({
    op: 'and',
    conditions: [
      {
        op: 'and',
        conditions: [
          { op: 'gte', field: 'blockHeight', value: 1 },
          { op: 'lte', field: 'blockHeight', value: 9 },
        ],
      },
      { op: 'eq', field: 'switch', value: true },
    ],
  })
  expect(where({ id: { gte: 5 }, endBlock: { gt: 0 } })).toMatchObject({ op: 'and' })
})

test('every operator of an object counts', () => {
  expect(where({ id: { gt: 1, lt: 4, neq: 2 } })).toEqual({
    op: 'and',
    conditions: [
      { op: 'gt', field: 'id', value: 1 },
      { op: 'lt', field: 'id', value: 4 },
      { op: 'neq', field: 'id', value: 2 },
    ],
  })
})

test('every operator is read', () => {
  const one = (operator: object, field = 'id') => where({ [field]: operator })
  expect(where({ id: 7 })).toEqual({ op: 'eq', field: 'id', value: 7 })
  expect(where({ end: null })).toEqual({ op: 'eq', field: 'end', value: null })
  expect(one({ neq: null }, 'end')).toEqual({ op: 'neq', field: 'end', value: null })
  expect(one({ inq: [1, '2'] })).toEqual({ op: 'inq', field: 'id', values: [1, 2] })
  expect(one({ inq: [] })).toEqual({ op: 'inq', field: 'id', values: [] })
  expect(one({ nin: 3 })).toEqual({ op: 'nin', field: 'id', values: [3] })
  expect(one({ between: [1, 5] })).toEqual({ op: 'between', field: 'id', low: 1, high: 5 })
  expect(one({ like: '1%' })).toEqual({ op: 'like', field: 'id', pattern: '1%' })
  expect(one({ nilike: 'A_' }, 'start')).toEqual({ op: 'nilike', field: 'start', pattern: 'A_' })
  expect(one({ regexp: '^ab' })).toEqual({ op: 'regexp', field: 'id', pattern: '^ab', ignoreCase: false })
  expect(one({ regexp: '/^AB/i' })).toEqual({ op: 'regexp', field: 'id', pattern: '^AB', ignoreCase: true })
  expect(one({ exists: 'true' }, 'end')).toEqual({ op: 'exists', field: 'end', value: true })
})

test('values are read in the type of the field', () => {
  expect(where({ switch: 'true' }, blockFields)).toMatchObject({ value: true })
  expect(where({ switch: 0 }, blockFields)).toMatchObject({ value: false })
  expect(where({ blockHash: 'AB' }, blockFields)).toMatchObject({ value: 'AB' })
  expect(where({ start: '2021-03-31' })).toMatchObject({ value: '2021-03-31T00:00:00.000Z' })
  expect(where({ end: { lt: '2021-03-31T02:00:00+02:00' } })).toMatchObject({
    value: '2021-03-31T00:00:00.000Z',
  })
})

test('and, or nest as they are written', () => {
  expect(where({ id: 0, or: [{ id: 1 }, { id: 2, start: '2021-01-01' }] })).toEqual({
    op: 'and',
    conditions: [
      { op: 'eq', field: 'id', value: 0 },
      {
        op: 'or',
        conditions: [
          { op: 'eq', field: 'id', value: 1 },
          {
            op: 'and',
            conditions: [
              { op: 'eq', field: 'id', value: 2 },
              { op: 'eq', field: 'start', value: '2021-01-01T00:00:00.000Z' },
            ],
          },
        ],
      },
    ],
  })
})

test('fields as a list, a name, or names with true and false', () => {
  const fields = (value: unknown) => parse({ fields: value }).fields
  expect(fields(['endBlock', 'id', 'id'])).toEqual(['id', 'endBlock'])
  expect(fields('id')).toEqual(['id'])
  expect(fields({ endBlock: true, id: true, start: false })).toEqual(['id', 'endBlock'])
  expect(fields({ endBlock: 'true' })).toEqual(['endBlock'])
  expect(fields({ id: false })).toEqual([...eraFields.keys()].filter((name) => name !== 'id'))
  expect(fields({})).toBe(null)
})

test('order, limit, skip and offset', () => {
  const direction = (order: unknown) =>
    parse({ order }).order.map(({ field, direction }) => `${field} ${direction}`)
  expect(direction('id')).toEqual(['id ASC'])
  expect(direction(['rewards DESC', 'id asc'])).toEqual(['rewards DESC', 'id ASC'])
  expect(direction('')).toEqual([])
  expect(parse({ limit: '25' }).limit).toBe(25)
  expect(parse({ limit: 0 }).limit).toBe(1_000)
  expect(parse({ limit: 5_000 }).limit).toBe(1_000)
  expect(parse({ skip: '3' }).skip).toBe(3)
  expect(parse({ offset: 4 }).skip).toBe(4)
  expect(parse({ skip: 1, offset: 4 }).skip).toBe(1)
})

test('what is not known is named together with what is', () => {
  const cases: [unknown, string, string][] = [
    [{ where: { nosuch: 1 } }, 'Unknown field "nosuch" in where.', 'id, startBlock'],
    [{ where: { id: { gtt: 1 } } }, 'Unknown operator "gtt" on id.', 'eq, neq, gt'],
    [{ where: { and: [{ __proto__x: 1 }] } }, 'Unknown field "__proto__x" in where.', 'id'],
    [{ fields: ['id', 'x'] }, 'Unknown field "x" in fields.', 'id'],
    [{ fields: { x: true } }, 'Unknown field "x" in fields.', 'id'],
    [{ order: 'id; DROP TABLE eras' }, 'An order cannot be read.', 'ASC'],
    [{ order: 'nosuch DESC' }, 'Unknown field "nosuch" in order.', 'id'],
    [{ order: { id: 1 } }, 'order is no list.', 'ASC'],
    [{ limit: 2.5 }, 'limit is no whole number.', 'an integer'],
    [{ limit: -5 }, 'limit is no whole number.', 'an integer'],
    [{ skip: 'x' }, 'skip is no whole number.', 'an integer'],
    [{ include: [{ relation: 'x' }] }, '"include" is not known here.', 'where'],
    [{ where: [1] }, 'A where is not an object.', 'an object'],
    [{ where: 'id=1' }, 'A where is not an object.', 'an object'],
    [{ where: { id: {} } }, 'id has no operator.', 'eq'],
    [{ where: { id: [1] } }, 'id cannot be compared with what was given.', 'a number'],
    [{ where: { id: 'abc' } }, 'id cannot be compared with what was given.', 'a number'],
    [{ where: { id: { gt: null } } }, 'id cannot be compared with what was given.', 'a number'],
    [{ where: { start: 'soon' } }, 'start cannot be compared with what was given.', 'RFC 3339'],
    [{ where: { or: { id: 1 } } }, '"or" is not a list.', 'a list'],
    [{ where: { or: [] } }, '"or" is not a list.', 'a list'],
    [{ where: { or: [{}, { id: 1 }] } }, 'A where in "or" asks for nothing.', 'objects'],
    [{ where: { id: { between: [1] } } }, 'id.between needs two values.', 'a list'],
    [{ where: { id: { exists: 'maybe' } } }, 'id.exists is not a flag.', 'true or false'],
    [{ where: { id: { regexp: '/a/g' } } }, 'id.regexp cannot be used.', 'an expression'],
    [{ where: { id: { regexp: '(a+)+$' } } }, 'id.regexp cannot be used.', 'an expression'],
    [{ where: { id: { regexp: '(?=a)' } } }, 'id.regexp cannot be used.', 'an expression'],
    [{ where: { id: { regexp: '.*.*.*[g-z]' } } }, 'id.regexp cannot be used.', '2 of * and +'],
    [{ where: { id: { regexp: `${'.?'.repeat(5)}x` } } }, 'id.regexp cannot be used.', '4 of * + ?'],
    [{ where: { id: { regexp: 'a{1,}b{2,}c{3,}' } } }, 'id.regexp cannot be used.', '2 of * and +'],
    [{ where: { id: { regexp: '[' } } }, 'id.regexp is not a regular expression.', 'an expression'],
    [{ where: { id: { like: ['a'] } } }, 'id.like is not a pattern.', 'text'],
  ]
  for (const [filter, message, allowed] of cases) {
    const problem = problemOf(() => parse(filter))
    expect(problem.status, JSON.stringify(filter)).toBe(400)
    expect(problem.errors?.[0]).toMatchObject({ parameter: 'filter', message })
    expect(problem.errors?.[0]?.allowed).toContain(allowed)
    expect(problem.error).toMatchObject({ name: 'BadRequestError', code: 'INVALID_PARAMETER_VALUE' })
  }
})

test('text that is no JSON, and JSON that is no object', () => {
  const broken = problemOf(() => parseFilter(eraFields, '{bad'))
  expect(broken.error.message).toBe('Invalid data "{bad" for parameter "filter".')
  expect(broken.error.details?.syntaxError).toContain('JSON')
  for (const text of ['[1]', '5', '"x"', 'true']) {
    const problem = problemOf(() => parseFilter(eraFields, text))
    expect(problem.error.details).toBe(undefined)
    expect(problem.error.code).toBe('INVALID_PARAMETER_VALUE')
  }
})

test('unknown names at the top are ignored, as they always were', () => {
  expect(parse({ limt: 5, comment: 'hello' })).toEqual(parse({}))
})

test('brackets say the same as JSON', () => {
  const parse = (query: string) => parseBrackets(parseQuery(`?${query}`))
  expect(
    parse(
      'filter[where][id][inq][]=3&filter[where][id][inq][]=5&filter[fields][]=id&filter[order]=id%20DESC&filter[limit]=2',
    ),
  ).toEqual({ where: { id: { inq: ['3', '5'] } }, fields: ['id'], order: 'id DESC', limit: '2' })
  expect(parse('filter[where][and][0][id][gt]=1&filter[where][and][1][id][lt]=4')).toEqual({
    where: { and: [{ id: { gt: '1' } }, { id: { lt: '4' } }] },
  })
  expect(parse('filter[fields][id]=true&filter%5Bfields%5D%5Bstart%5D=false')).toEqual({
    fields: { id: 'true', start: 'false' },
  })
  expect(parse('filter[fields]=id&filter[fields]=start&filter[fields]=end')).toEqual({
    fields: ['id', 'start', 'end'],
  })
})

test('brackets cannot reach a prototype, nest for ever or disagree', () => {
  const parse = (query: string) => parseBrackets(parseQuery(`?${query}`))
  parse('filter[__proto__][polluted]=1&filter[constructor][prototype][polluted]=1')
  expect(({} as Record<string, unknown>).polluted).toBe(undefined)
  for (const query of [
    `filter[where]${'[and][0]'.repeat(20)}[id]=1`,
    'filter[where=1',
    'filter[where]x=1',
    'filter[limit]=1&filter[limit][x]=2',
    Array(1_200).fill('filter[]=1').join('&'),
  ]) {
    expect(problemOf(() => parse(query)).status, query.slice(0, 60)).toBe(400)
  }
})

test('a filter may not be deep, long or large', () => {
  const deep = `{"where":${'{"and":['.repeat(800)}{"id":1}${']}'.repeat(800)}}`
  expect(problemOf(() => parseFilter(eraFields, deep)).detail).toContain('deeper than 12')
  for (const open of [
    '{"where":',
    '{"order":',
    '{"fields":',
    '{"limit":',
    '{"where":{"id":',
    '{"where":{"or":',
  ]) {
    const text = `${open}${'['.repeat(8_000)}${']'.repeat(8_000)}${'}'.repeat(open.split('{').length - 1)}`
    expect(problemOf(() => parseFilter(eraFields, text)).status, open).toBe(400)
  }
  const many = { or: Array.from({ length: 101 }, (_, id) => ({ id })) }
  expect(problemOf(() => parse({ where: many })).detail).toContain('more than 100')
  const long = { id: { inq: Array.from({ length: 1_001 }, (_, id) => id) } }
  expect(problemOf(() => parse({ where: long })).detail).toContain('more than 1000')
  expect(problemOf(() => parse({ where: { id: { like: 'x'.repeat(200) } } })).status).toBe(400)
  expect(problemOf(() => parseFilter(eraFields, '['.repeat(100_000))).status).toBe(400)
})

test('whatever is sent is read or refused with a problem', () => {
  const random = createRandom(11)
  const atoms = [null, 0, -1, 1.5, 1e400, '', 'id', 'id DESC', true, '__proto__', '2021-01-01', {}, []]
  const names = [
    'where',
    'fields',
    'order',
    'limit',
    'skip',
    'and',
    'or',
    'id',
    'gt',
    'inq',
    'between',
    'like',
    'regexp',
    'start',
    'toString',
  ]
  const make = (depth: number): unknown => {
    if (depth === 0 || random(4) === 0) return atoms[random(atoms.length)]
    if (random(3) === 0) return Array.from({ length: random(4) }, () => make(depth - 1))
    return Object.fromEntries(
      Array.from({ length: random(4) }, () => [names[random(names.length)], make(depth - 1)]),
    )
  }
  for (let round = 0; round < 20_000; round++) {
    const text = JSON.stringify(
      Object.fromEntries([
        [names[random(5)], make(4)],
        [names[random(5)], make(4)],
      ]),
    )
    try {
      const filter = parseFilter(eraFields, text)
      expect(filter.limit).toBeGreaterThan(0)
      expect(filter.limit).toBeLessThanOrEqual(1_000)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw new Error(text, { cause: error })
      expect(error.problem.status).toBe(400)
    }
  }
})
