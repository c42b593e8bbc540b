import { describe, expect, test } from 'vitest'
import type { Condition, Filter, FilterValue } from '../../src/api/filter.ts'
import { compatibleBlock, compatibleEra } from '../../src/api/wire/compatible.ts'
import { toCompatibleBlock, toCompatibleEra } from '../../src/api/wire/to-compatible.ts'
import { blockFields, eraFields } from '../../src/store/filter-fields.ts'
import { blockHash, createRandom, hashOf, timeOf } from '../support/builders.ts'
import { type Row, randomFilter, select } from './filter-oracle.ts'
import { buildChain } from './store-chain.ts'
import { toChange } from './store-changes.ts'
import { useReaders, useStore } from './store-suite.ts'

const chain = buildChain({ heights: 95, blocksPerEra: 9, seed: 3 })
const eras = new Map(chain.map(({ era }) => [era.id, era]))

/** What the endpoints answer for every row: a filter speaks of these values. */
const blockRows: readonly Row[] = chain.map(({ block }, index) =>
  toCompatibleBlock(
    block,
    index === 0 ? null : timeOf(block.height - 1),
    eras.get(block.eraId) ?? (chain[0] as (typeof chain)[0]).era,
  ),
)
const eraRows: readonly Row[] = [...eras.values()].map(toCompatibleEra)

/** A hash that nobody has. */
const STRANGER = hashOf('nobody')

const store = await useStore()
await store.writer.commit(toChange(chain))
const readers = await useReaders(store)

const all: Filter = { where: null, order: [], fields: null, limit: 1_000, skip: 0 }

test('the tables of fields cover the wire, name by name and in kind', () => {
  for (const [schema, fields, rows] of [
    [compatibleBlock, blockFields, blockRows],
    [compatibleEra, eraFields, eraRows],
  ] as const) {
    expect(Object.keys(fields)).toEqual(Object.keys(schema.shape))
    for (const [name, { kind }] of Object.entries(fields)) {
      const value = rows.map((row) => row[name]).find((one) => one !== null)
      const expected = { number: 'number', boolean: 'boolean', hash: 'string', time: 'string' }[kind]
      expect(typeof value, name).toBe(expected)
    }
  }
})

for (const { name, reader } of readers) {
  describe(name, () => {
    const findBlocks = async (filter: Partial<Filter>) =>
      (await reader.findBlocks({ ...all, ...filter })).map(
        ({ block, era, previousTime }): Row => toCompatibleBlock(block, previousTime, era),
      )
    const findEras = async (filter: Partial<Filter>) =>
      (await reader.findEras({ ...all, ...filter })).map((era): Row => toCompatibleEra(era))
    const heights = async (where: Condition) =>
      (await findBlocks({ where })).map(({ blockHeight }) => blockHeight)
    const ids = async (where: Condition) => (await findEras({ where })).map(({ id }) => id)

    test('no filter is everything, by the primary key', async () => {
      expect(await findBlocks({})).toEqual(blockRows)
      expect(await findEras({})).toEqual(eraRows)
    })

    test('every field can be compared and sorted by, as the answer writes it', async () => {
      for (const [rows, find, key] of [
        [blockRows, findBlocks, 'blockHeight'],
        [eraRows, findEras, 'id'],
      ] as const) {
        for (const field of Object.keys(rows[0] ?? {})) {
          for (const row of rows.filter((_, index) => index % 9 === 4)) {
            const where: Condition = { op: 'eq', field, value: row[field] ?? null }
            expect(await find({ where }), `${field} ${row[field]}`).toEqual(
              select(rows, { ...all, where }, key),
            )
          }
          const order = [{ field, direction: 'DESC' as const }]
          expect(await find({ order }), field).toEqual(select(rows, { ...all, order }, key))
        }
      }
    })

    test('any combination of operators, groups, orders and pages', async () => {
      const random = createRandom(99)
      let found = 0
      for (let n = 0; n < 600; n++) {
        const [rows, find, key] =
          n % 2 ? ([blockRows, findBlocks, 'blockHeight'] as const) : ([eraRows, findEras, 'id'] as const)
        const filter = randomFilter(rows, random)
        const wanted = select(rows, filter, key)
        found += wanted.length
        expect(await find(filter), JSON.stringify(filter)).toEqual(wanted)
      }
      expect(found).toBeGreaterThan(3_000)
    })

    test('hashes are found in any case, whole or by pattern, and order as hex', async () => {
      const hash = blockHash(17)
      expect(await heights({ op: 'eq', field: 'blockHash', value: hash.toUpperCase() })).toEqual([17])
      expect(await heights({ op: 'inq', field: 'blockHash', values: [hash, STRANGER, 'x', '', 5] })).toEqual([
        17,
      ])
      expect(
        await heights({ op: 'like', field: 'blockHash', pattern: `${hash.slice(0, 9).toUpperCase()}%` }),
      ).toEqual([17])
      expect(await heights({ op: 'eq', field: 'blockHash', value: hash.slice(0, 63) })).toEqual([])
      expect(await heights({ op: 'neq', field: 'blockHash', value: 'no hash' })).toHaveLength(chain.length)
      const above = blockRows
        .filter(({ blockHash }) => String(blockHash) >= '8f')
        .map(({ blockHeight }) => blockHeight)
      expect(await heights({ op: 'gte', field: 'blockHash', value: '8F' })).toEqual(above)
    })

    test('an open era has no end', async () => {
      const open = Math.max(...eras.keys())
      expect(await ids({ op: 'eq', field: 'endBlock', value: null })).toEqual([open])
      expect(await ids({ op: 'exists', field: 'end', value: false })).toEqual([open])
      expect(await ids({ op: 'neq', field: 'end', value: null })).toHaveLength(eras.size - 1)
      expect(await ids({ op: 'gt', field: 'endBlock', value: null })).toEqual([])
      expect(await ids({ op: 'neq', field: 'endBlock', value: 9 })).toHaveLength(eras.size - 2)
    })

    test('times are instants, however they are written', async () => {
      const at = (value: FilterValue) => heights({ op: 'eq', field: 'timestamp', value })
      expect(await at(new Date(timeOf(5)).toISOString())).toEqual([5])
      expect(await at('2021-03-31T02:01:21.920+02:00')).toEqual([5])
      expect(await at(timeOf(5))).toEqual([5])
      expect(await at('2021-03-31T00:01:21.921Z')).toEqual([])
      expect(await heights({ op: 'like', field: 'timestamp', pattern: '2021-03-31T00:01:21.920Z' })).toEqual([
        5,
      ])
    })

    test('what does not fit a field is refused, naming both', async () => {
      for (const [field, value] of [
        ['blockHeight', 'abc'],
        ['blockHeight', ''],
        ['blockHeight', true],
        ['totalSupply', '1e999'],
        ['totalSupply', Number.NaN],
        ['timestamp', '2021-03-31'],
        ['timestamp', 'soon'],
        ['switch', 'yes'],
        ['switch', 2],
      ] as const) {
        const refused = { name: 'FilterValueError', code: 'FILTER_VALUE', field, value }
        await expect(heights({ op: 'eq', field, value })).rejects.toMatchObject(refused)
        await expect(heights({ op: 'inq', field, values: [value] })).rejects.toMatchObject(refused)
        await expect(
          heights({ op: 'and', conditions: [{ op: 'between', field, low: value, high: value }] }),
        ).rejects.toMatchObject(refused)
      }
      await expect(
        heights({ op: 'regexp', field: 'blockHash', pattern: '(', ignoreCase: false }),
      ).rejects.toMatchObject({ code: 'FILTER_VALUE', field: 'blockHash', value: '(' })
      // JavaScript takes it, the engine does not.
      await expect(
        heights({ op: 'regexp', field: 'blockHash', pattern: '[[:nope:]]', ignoreCase: false }),
      ).rejects.toMatchObject({ code: 'FILTER_VALUE', field: 'blockHash' })
      await expect(heights({ op: 'eq', field: 'hash` OR 1=1 -- ', value: 1 })).rejects.toThrow(RangeError)
    })

    test('numbers keep digits past 2^53, and odd notations mean numbers', async () => {
      expect(await heights({ op: 'eq', field: 'blockHeight', value: '9007199254740993' })).toEqual([])
      expect(await heights({ op: 'lt', field: 'blockHeight', value: '3.5' })).toEqual([0, 1, 2, 3])
      expect(await heights({ op: 'lte', field: 'blockHeight', value: '2e0' })).toEqual([0, 1, 2])
      expect(await heights({ op: 'lt', field: 'blockHeight', value: 1e300 })).toHaveLength(chain.length)
      expect(
        await heights({ op: 'gt', field: 'blockHeight', value: '-99999999999999999999999999999999999999' }),
      ).toHaveLength(chain.length)
    })

    test('empty groups and lists', async () => {
      expect(await ids({ op: 'and', conditions: [] })).toHaveLength(eras.size)
      expect(await ids({ op: 'or', conditions: [] })).toEqual([])
      expect(await ids({ op: 'inq', field: 'id', values: [] })).toEqual([])
      expect(await ids({ op: 'nin', field: 'id', values: [] })).toHaveLength(eras.size)
    })

    test('groups are parenthesised: a sibling of "or" still counts', async () => {
      const where: Condition = {
        op: 'and',
        conditions: [
          { op: 'eq', field: 'eraId', value: 2 },
          {
            op: 'or',
            conditions: [
              { op: 'eq', field: 'blockHeight', value: 11 },
              { op: 'eq', field: 'blockHeight', value: 90 },
            ],
          },
        ],
      }
      expect(await heights(where)).toEqual([11])
    })

    test('text of the asker is never SQL', async () => {
      const attempts = [
        "' OR '1'='1",
        "'; DROP TABLE blocks; --",
        "\\' OR 1=1 -- ",
        '\\',
        "\\\\' OR 1=1 #",
        '" OR ""="',
        '`; DELETE FROM eras; -- ',
        "x' UNION SELECT * FROM network -- ",
        '/*! OR 1=1 */',
        '?',
        ':name @@version',
        "\0' OR 1 -- ",
        '%',
        "💥'",
      ]
      for (const value of attempts) {
        expect(await heights({ op: 'eq', field: 'blockHash', value })).toEqual([])
        expect(await heights({ op: 'inq', field: 'stateRootHash', values: [value, value] })).toEqual([])
        expect(await heights({ op: 'between', field: 'blockHash', low: value, high: value })).toEqual([])
        const like = await heights({ op: 'like', field: 'blockHash', pattern: value })
        expect(like).toHaveLength(value === '%' ? chain.length : 0)
        await expect(heights({ op: 'gt', field: 'blockHeight', value })).rejects.toMatchObject({
          code: 'FILTER_VALUE',
        })
        await heights({ op: 'regexp', field: 'blockHash', pattern: value, ignoreCase: true }).catch((error) =>
          expect(error).toMatchObject({ code: 'FILTER_VALUE' }),
        )
      }
      expect(await findBlocks({})).toHaveLength(chain.length)
    })
  })
}
