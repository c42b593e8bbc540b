import { expect, test } from 'vitest'
import { Fault } from '../../../crawler/sql-gateway/fault.ts'
import { parseExecute } from '../../../crawler/sql-gateway/protocol.ts'
import { parseStatement } from '../../../crawler/sql-gateway/statement.ts'
import { parseCursor, toCursor } from '../../../src/api/cursor.ts'
import { endpoints } from '../../../src/api/endpoints.ts'
import type { FilterFields } from '../../../src/api/filter-fields.ts'
import { parseFilter } from '../../../src/api/filter-parser.ts'
import { createParamsParser } from '../../../src/api/parse-params.ts'
import { ProblemError } from '../../../src/api/problem.ts'
import { fuzz, mutate, mutateText, pick, toJson } from '../../support/fuzz.ts'

/** What a caller is told: a problem with a status of a caller's own fault and a sentence. */
function expectProblem(error: unknown): void {
  if (!(error instanceof ProblemError)) throw error
  const { status, detail } = error.problem
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(detail).not.toBe('')
}

const parsers = Object.values(endpoints).map((endpoint) => createParamsParser(endpoint))
const queries = [
  '?limit=10&order=desc&cursor=abcDEF_-12&units=cspr&format=csv&fields=height,time.era',
  '?filter[where][id][inq][]=3&filter[where][id][inq][]=4&filter[limit]=2&filter[order]=id%20DESC',
  '?filter=%7B%22where%22%3A%7B%22and%22%3A%5B%7B%22id%22%3A%7B%22gt%22%3A5%7D%7D%5D%7D%7D',
  '?blockHeight=12&blockHash=abc&eraId=4&timestamp=2021-03-31T00%3A00%3A00Z&from=1&to=2',
]

test('a query is parsed or refused as a problem', async () => {
  await fuzz(6_000, (random) => {
    const query = mutateText(mutateText(mutateText(pick(queries, random), random), random), random)
    try {
      pick(parsers, random)(`http://host/path${query}`, random(2) ? {} : { id: mutateText('latest', random) })
    } catch (error) {
      expectProblem(error)
    }
  })
})

const fields: FilterFields = new Map([
  ['id', 'number'],
  ['hash', 'text'],
  ['isSwitch', 'boolean'],
  ['timestamp', 'time'],
])

const filters = [
  {
    where: { id: { gt: 5, lte: 9 }, hash: 'ab', or: [{ id: 1 }, { and: [{ hash: { like: 'a%' } }] }] },
    limit: 3,
  },
  { where: { hash: { regexp: '/^ab[0-9]+$/i' }, id: { inq: [1, 2, 3] } }, order: ['id DESC'], skip: 4 },
  { where: { id: { between: [1, 5] }, hash: { exists: true } }, fields: { id: true, hash: false } },
]

test('a filter is parsed or refused as a problem', async () => {
  await fuzz(1_500, (random) => {
    const filter = pick(filters, random)
    let text: string
    try {
      text = toJson(mutate(filter, random).value)
    } catch {
      text = `{"where":${'['.repeat(8_000)}${']'.repeat(8_000)}}`
    }
    if (random(3) === 0) text = mutateText(text, random)
    try {
      const parsed = parseFilter(fields, text)
      expect(parsed.limit).toBeGreaterThan(0)
      expect(parsed.limit).toBeLessThanOrEqual(1_000)
    } catch (error) {
      expectProblem(error)
    }
  })
})

test('a cursor is the one that was given, or refused', async () => {
  await fuzz(4_000, (random) => {
    const position = Array.from({ length: 1 + random(3) }, () => random(2 ** 31) * 1_000)
    const cursor = toCursor('blocks/desc', position)
    expect(parseCursor('blocks/desc', cursor, position.length)).toEqual(position)
    const other = mutateText(cursor, random)
    try {
      expect(parseCursor('blocks/desc', other, position.length)).toEqual(position)
    } catch (error) {
      expectProblem(error)
    }
  })
})

const bodies = [
  { query: 'select `height`, `hash` from `blocks` where `height` = 5 limit 10', session: null },
  { query: 'begin', session: { signature: 'abc', vitessSession: { autocommit: true } } },
  {
    query: "select count(*) from transfers where note = 'it''s -- not' /* a comment */ and id in (1, 2)",
    session: null,
  },
]

test('a statement is classed or refused, and none but a read passes a gateway that only reads', async () => {
  await fuzz(6_000, (random) => {
    const body = pick(bodies, random)
    try {
      const text = random(2) ? mutateText(JSON.stringify(body), random) : toJson(mutate(body, random).value)
      const { query } = parseExecute(text)
      const sql = mutateText(mutateText(query, random), random)
      const kind = parseStatement(sql, { readOnly: true })
      expect(['read', 'begin', 'commit', 'rollback', 'savepoint', 'settled']).toContain(kind)
    } catch (error) {
      // Deeper than the engine's own writer goes: never sent.
      if (error instanceof RangeError && /stack/.test(error.message) && /stringify/.test(error.stack ?? ''))
        return
      if (!(error instanceof Fault)) throw error
      expect(error.status).toBeGreaterThanOrEqual(400)
      expect(error.status).toBeLessThan(500)
    }
  })
})
