import type { Connection } from 'mysql2/promise'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseJson } from '../../crawler/node/json.ts'
import { FULL_SCORE, toScores } from '../../src/domain/score.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { ChainName } from '../fixtures/recordings/recordings.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, readRows } from '../support/stored.ts'

/*
 * What validators did, counted over whole recorded chains, against the blocks themselves and against what they were paid:
 * the chain's own reckoning of signatures. Also protocol versions and who was seen where.
 */

interface RawBlock {
  readonly header: {
    readonly height: number
    readonly era_id: number
    readonly protocol_version: string
    readonly proposer?: string
    readonly era_end:
      | null
      | ({
          readonly era_report?: RawReport
          readonly rewards?: Readonly<Record<string, readonly string[]>>
          readonly next_era_validator_weights: readonly {
            readonly validator: string
            readonly weight: string
          }[]
        } & Partial<RawReport>)
  }
  readonly body: { readonly proposer?: string; readonly rewarded_signatures?: readonly (readonly number[])[] }
}

interface RawReport {
  readonly equivocators: readonly string[]
  readonly inactive_validators: readonly string[]
}

interface StoredValidator {
  readonly era: number
  readonly validator: string
  readonly weight: string | null
  readonly reward: string
  readonly delegators: string
  readonly proposed: number | null
  readonly cited: number | null
  readonly equivocated: number | null
  readonly inactive: number | null
}

const CHAINS: readonly { name: ChainName; last: number }[] = [
  { name: 'casper-upgrade', last: 970 },
  { name: 'casper-1x', last: 1206 },
  { name: 'casper-2x', last: 705 },
]

describe.each(CHAINS)('$name', async ({ name, last }) => {
  const database = await useMariaDb()
  const node = await useNode(name)
  const blocks: RawBlock[] = []
  let sql: Connection
  let rows: StoredValidator[]

  beforeAll(async () => {
    await migrate(database.writerUrl)
    await startCrawl(node.rpcUrl, database.writerUrl, { stopAt: last }).done
    sql = await connectTo(database.readerUrl)
    rows = await readRows<StoredValidator>(
      sql,
      `SELECT e.era_id AS era, LOWER(HEX(p.public_key)) AS validator, e.weight, e.reward,
              e.delegators_reward AS delegators, e.proposed, e.cited, e.equivocated, e.inactive
       FROM era_validators e JOIN parties p ON p.id = e.validator_id`,
    )
    for (let height = 0; height <= last; height++) blocks.push(await ask(height))
  }, 120_000)

  async function ask(height: number): Promise<RawBlock> {
    const response = await fetch(node.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'chain_get_block',
        params: { block_identifier: { Height: height } },
      }),
    })
    const { result } = parseJson(await response.text()) as {
      result: { block?: RawBlock; block_with_signatures?: { block: Record<string, RawBlock> } }
    }
    const block = result.block ?? Object.values(result.block_with_signatures?.block ?? {})[0]
    if (block === undefined) throw new Error(`no block ${height}`)
    return block
  }

  /** Sets by era: the order of a BTreeMap of keys, as the node packs bitmaps by it. */
  function toSets(): Map<number, Map<string, bigint>> {
    const sets = new Map<number, Map<string, bigint>>()
    for (const { header } of blocks) {
      if (header.era_end === null) continue
      const named = header.era_end.next_era_validator_weights.map(
        ({ validator, weight }) => [validator, BigInt(weight)] as const,
      )
      const sorted = new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1)))
      sets.set(header.era_id + 1, sorted)
      if (header.height === 0) sets.set(0, sorted)
    }
    return sets
  }

  /** [citing height, cited height, signer] for each bit, told by strings of 0 and 1. */
  function* toBits(sets: Map<number, Map<string, bigint>>): Generator<[RawBlock, RawBlock, string]> {
    for (const block of blocks) {
      for (const [i, bytes] of (block.body.rewarded_signatures ?? []).entries()) {
        const about = blocks[block.header.height - 1 - i]
        if (about === undefined) continue
        const signers = [...(sets.get(about.header.era_id)?.keys() ?? [])]
        const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
        for (const [place, bit] of [...bits].entries()) {
          if (bit === '1') yield [block, about, signers[place] ?? 'nobody']
        }
      }
    }
  }

  const of = (era: number, validator: string) =>
    rows.find((row) => row.era === era && row.validator === validator)

  test('each block has one proposer, counted in its era', () => {
    const counts = new Map<string, number>()
    for (const { header, body } of blocks) {
      const proposer = header.proposer ?? body.proposer
      const key = `${header.era_id} ${proposer}`
      if (proposer !== '00') counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const stored = rows.filter(({ proposed }) => proposed !== 0)
    expect(new Map(stored.map((row) => [`${row.era} ${row.validator}`, row.proposed]))).toEqual(counts)
  })

  test('each signature that a block cites is counted once, in the era of the block that was signed', () => {
    const sets = toSets()
    const counts = new Map<string, number>()
    const seen = new Set<string>()
    for (const [, about, signer] of toBits(sets)) {
      const { height, era_id } = about.header
      expect(seen.has(`${height} ${signer}`), `a second citation of ${signer} at ${height}`).toBe(false)
      seen.add(`${height} ${signer}`)
      counts.set(`${era_id} ${signer}`, (counts.get(`${era_id} ${signer}`) ?? 0) + 1)
    }
    const stored = rows.filter(({ cited }) => cited !== null && cited > 0)
    expect(new Map(stored.map((row) => [`${row.era} ${row.validator}`, row.cited]))).toEqual(counts)
    for (const { era, cited } of rows) {
      const first = blocks.find(({ header }) => header.era_id === era)
      const shows = first !== undefined && !first.header.protocol_version.startsWith('1.')
      expect(cited === null, `era ${era}`).toBe(!shows)
    }
  })

  test('whom a switch block names as equivocator or inactive is so, the others of the era are not', () => {
    for (const { header } of blocks) {
      if (header.era_end === null) continue
      const report = header.era_end.era_report ?? header.era_end
      for (const row of rows.filter(({ era }) => era === header.era_id)) {
        expect(row.equivocated).toBe(report.equivocators?.includes(row.validator) ? 1 : 0)
        expect(row.inactive).toBe(report.inactive_validators?.includes(row.validator) ? 1 : 0)
      }
    }
    const open = (blocks.findLast(({ header }) => header.era_end !== null)?.header.era_id ?? 0) + 1
    for (const row of rows.filter(({ era }) => era === open)) {
      expect([row.equivocated, row.inactive]).toEqual([null, null])
    }
    expect(rows.some(({ inactive }) => inactive === 1)).toBe(true)
  })

  test('what validators of 2.x were paid is what their proposals and citations come to', async () => {
    // rewards.rs of casper-node: of a block's reward 5 % go to the proposer, 76 % to signers and 19 % to who cites them,
    // by weight. The state that an earlier era's rate is read from lies within that era: hence a tolerance, 20 times
    // smaller than what one signature of an era's is worth.
    const eras = await readRows<{ id: number; supply: string }>(
      sql,
      'SELECT id, total_supply AS supply FROM eras',
    )
    const supply = new Map(eras.map((era) => [era.id, BigInt(era.supply)]))
    const rate = name === 'casper-2x' ? 1 / 20_000_000_000 : 7 / 175_070_816
    const potOf = (era: number) => Number(supply.get(Math.max(0, era - 1))) * rate
    const sets = toSets()
    const pay = new Map<string, number>()
    const give = (era: number, who: string, motes: number) =>
      pay.set(`${era} ${who}`, (pay.get(`${era} ${who}`) ?? 0) + motes)
    for (const { header } of blocks) {
      if (header.proposer !== undefined && header.proposer !== '00')
        give(header.era_id, header.proposer, potOf(header.era_id) * 0.05)
    }
    for (const [block, about, signer] of toBits(sets)) {
      const set = sets.get(about.header.era_id)
      const total = [...(set?.values() ?? [])].reduce((sum, weight) => sum + weight, 0n)
      const share = (Number(set?.get(signer)) / Number(total)) * potOf(about.header.era_id)
      give(block.header.era_id, signer, share * 0.76)
      give(block.header.era_id, block.header.proposer ?? '', share * 0.19)
    }
    let compared = 0
    for (const { header } of blocks) {
      for (const [validator, amounts] of Object.entries(header.era_end?.rewards ?? {})) {
        const paid = amounts.reduce((sum, amount) => sum + Number(amount), 0)
        const own = pay.get(`${header.era_id} ${validator}`) ?? 0
        expect(Math.abs(own - paid), `era ${header.era_id} ${validator}: ${paid}`).toBeLessThanOrEqual(
          paid * 0.002,
        )
        compared++
      }
    }
    expect(compared > 100).toBe(name !== 'casper-1x')
  })

  test('scores lie between nothing and all, and who was inactive is not among the best', async () => {
    const eras = await readRows<{ id: number; count: number; end: number | null }>(
      sql,
      'SELECT id, blocks_count AS count, end_height AS end FROM eras',
    )
    for (const { id, count, end } of eras) {
      const own = rows.filter(({ era }) => era === id)
      const scores = toScores({
        blocksCount: count,
        validators: own.map((row) => ({
          eraId: id,
          validator: row.validator,
          weight: row.weight === null ? null : BigInt(row.weight),
          reward: BigInt(row.reward),
          delegatorsReward: BigInt(row.delegators),
          delegatorsCount: 0,
          proposed: row.proposed,
          cited: row.cited,
          equivocated: row.equivocated === 1,
          inactive: row.inactive === 1,
        })),
      })
      for (const [i, score] of scores.entries()) {
        if (score === null) continue
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(FULL_SCORE)
        if (end !== null && own[i]?.inactive === 1) expect(score).toBeLessThan(FULL_SCORE)
      }
      // 1.x measures against the best, which is one of them; an era of genesis pays nobody.
      if (end !== null && own.some(({ cited, reward }) => cited === null && reward !== '0'))
        expect(Math.max(...scores.map((score) => score ?? 0))).toBe(FULL_SCORE)
    }
  })

  test('protocol versions begin with the block that first shows them', async () => {
    const expected = blocks.flatMap(({ header }, height) =>
      header.protocol_version === blocks[height - 1]?.header.protocol_version
        ? []
        : [{ height, version: header.protocol_version, era: header.era_id }],
    )
    expect(
      await readRows(
        sql,
        'SELECT activation_height AS height, version, era_id AS era FROM protocols ORDER BY 1',
      ),
    ).toEqual(expected)
    expect(expected).toHaveLength(name === 'casper-upgrade' ? 2 : 1)
  })

  test('parties are first and last seen where the tables name them', async () => {
    const sightings = await readRows<{ id: number; first: number; last: number }>(
      sql,
      `SELECT id, MIN(height) AS first, MAX(height) AS last FROM (
         SELECT proposer_id AS id, height FROM blocks
         UNION ALL SELECT sender_id, height FROM transactions
         UNION ALL SELECT from_id, height FROM transfers UNION ALL SELECT to_id, height FROM transfers
         UNION ALL SELECT source_id, height FROM transfers UNION ALL SELECT target_id, height FROM transfers
         UNION ALL SELECT validator_id, height FROM stake_movements
         UNION ALL SELECT new_validator_id, height FROM stake_movements
         UNION ALL SELECT delegator_id, height FROM stake_movements
         UNION ALL SELECT validator_id, height FROM unbondings
         UNION ALL SELECT new_validator_id, height FROM unbondings
         UNION ALL SELECT delegator_id, height FROM unbondings
         UNION ALL SELECT v.validator_id, e.end_height FROM era_validators v JOIN eras e ON v.era_id IN (e.id, e.id + 1)
                   WHERE e.end_height IS NOT NULL
         UNION ALL SELECT r.delegator_id, e.end_height FROM rewards r JOIN eras e ON e.id = r.era_id
         UNION ALL SELECT b.validator_id, e.end_height FROM bids b JOIN eras e ON e.id = b.era_id
         UNION ALL SELECT d.delegator_id, e.end_height FROM delegations d JOIN eras e ON e.id = d.era_id
       ) AS named WHERE id IS NOT NULL GROUP BY id ORDER BY id`,
    )
    const stored = await readRows(
      sql,
      'SELECT id, first_height AS first, last_height AS last FROM parties ORDER BY id',
    )
    expect(stored).toEqual(sightings)
    await sql.end()
  })
})
