import { beforeAll, describe, expect, test } from 'vitest'
import { parseJson } from '../../crawler/node/json.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import type { ChainName } from '../fixtures/recordings/recordings.ts'
import { useNode } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { type Fetched, fetchHeights, replay } from '../support/replay.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

/*
 * Bids, delegations and unbondings of whole recorded chains, against the node's own answers and against what the chain made
 * of them: weights two eras later, and what lies in the queues at each era's end.
 */

interface RawBid {
  readonly public_key: string
  readonly bid: {
    readonly staked_amount?: string
    readonly delegators?: readonly unknown[]
    readonly Validator?: { readonly validator_public_key: string; readonly staked_amount: string }
    readonly Unified?: RawBid['bid']
    readonly Delegator?: { readonly validator_public_key: string; readonly staked_amount: string }
    readonly Unbond?: {
      readonly validator_public_key: string
      readonly unbond_kind: Readonly<Record<string, string>>
      readonly eras: readonly {
        readonly era_of_creation: number
        readonly amount: string
        readonly new_validator: string | null
      }[]
    }
  }
}

const CHAINS: readonly {
  name: ChainName
  shape?: 'node-1x'
  last: number
  delay: number
}[] = [
  { name: 'casper-upgrade', last: 970, delay: 5 },
  { name: 'casper-upgrade', shape: 'node-1x', last: 248, delay: 5 },
  { name: 'casper-1x', last: 1206, delay: 3 },
  { name: 'casper-2x', last: 705, delay: 3 },
]

describe.each(CHAINS)('$name $shape', async ({ name, shape, last, delay }) => {
  const [whole, pieces] = [await useMariaDb(), await useMariaDb()]
  const node = await useNode(name, shape ? { shape } : {})
  const sql = await connectTo(whole.readerUrl)
  let fetched: Fetched

  beforeAll(async () => {
    fetched = await fetchHeights(node.rpcUrl, last, delay)
    await store(whole.writerUrl, 100)
  }, 120_000)

  async function store(url: string, ...sizes: readonly number[]): Promise<void> {
    await migrate(url)
    const writer = createStoreWriter(url)
    await replay(writer, fetched, ...sizes)
    await writer.close()
  }

  async function ask(method: string, height: number): Promise<readonly RawBid[] | null> {
    const response = await fetch(node.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { block_identifier: { Height: height } },
      }),
    })
    const answer = parseJson(await response.text()) as { result?: { auction_state: { bids: RawBid[] } } }
    return answer.result?.auction_state.bids ?? null
  }

  const switches = () =>
    fetched.heights.filter(({ block }) => block.eraEnd !== null).map(({ block }) => block)

  test('every era has the bids and delegations that the node tells', async () => {
    for (const { height, eraId } of switches()) {
      const raw =
        (await ask('state_get_auction_info_v2', height)) ??
        (await ask('state_get_auction_info', height)) ??
        []
      const lines: string[] = []
      for (const { public_key, bid } of raw) {
        const one = bid.Unified ?? (bid.staked_amount === undefined ? undefined : bid)
        if (bid.Validator)
          lines.push(`${bid.Validator.validator_public_key} - ${bid.Validator.staked_amount}`)
        if (one) lines.push(`${public_key} - ${one.staked_amount}`)
        const inner = JSON.stringify(one?.delegators ?? []).matchAll(/"staked_amount":"(\d+)"/g)
        for (const [, amount] of inner) lines.push(`${public_key} + ${amount}`)
        if (bid.Delegator)
          lines.push(`${bid.Delegator.validator_public_key} + ${bid.Delegator.staked_amount}`)
      }
      const stored = await readRows<{ line: string }>(
        sql,
        `SELECT CONCAT(LOWER(HEX(p.public_key)), ' - ', b.self_stake) AS line
         FROM bids b JOIN parties p ON p.id = b.validator_id WHERE b.era_id = ?
         UNION ALL SELECT CONCAT(LOWER(HEX(p.public_key)), ' + ', d.stake)
         FROM delegations d JOIN parties p ON p.id = d.validator_id WHERE d.era_id = ?`,
        [eraId, eraId],
      )
      expect(stored.map(({ line }) => line).sort(), `era ${eraId}`).toEqual(lines.sort())
    }
    expect(await readRows(sql, 'SELECT * FROM absences')).toEqual([])
  })

  test('a bid adds up its delegations', async () => {
    const wrong = await readRows(
      sql,
      `SELECT b.era_id, b.validator_id FROM bids b LEFT JOIN delegations d USING (era_id, validator_id)
       GROUP BY b.era_id, b.validator_id, b.delegators_stake, b.delegators_count
       HAVING b.delegators_stake <> COALESCE(SUM(d.stake), 0) OR b.delegators_count <> COUNT(d.delegator_id)`,
    )
    expect(wrong).toEqual([])
  })

  test('stake at the end of an era is the weight two eras later, but for redelegations that landed just then', async () => {
    // 2.x makes a delegation that did not exist after it has chosen the validators, and lets one grow before; 1.x does all
    // before.
    const rows = await readRows<{ era: number; generation: number; more: string; landed: string }>(
      sql,
      `SELECT b.era_id AS era, k.generation, b.self_stake + b.delegators_stake - v.weight AS more,
              COALESCE((SELECT SUM(u.amount) FROM unbondings u
                        WHERE u.new_validator_id = b.validator_id AND u.release_era = b.era_id
                          AND NOT EXISTS (SELECT 1 FROM delegations d WHERE d.era_id = b.era_id - 1
                            AND d.validator_id = b.validator_id AND d.delegator_id = u.delegator_id)), 0) AS landed
       FROM bids b JOIN era_validators v ON v.era_id = b.era_id + 2 AND v.validator_id = b.validator_id
       JOIN eras e ON e.id = b.era_id JOIN blocks k ON k.height = e.end_height
       WHERE v.weight IS NOT NULL`,
    )
    expect(rows.length).toBeGreaterThan(100)
    for (const { era, generation, more, landed } of rows) {
      expect(more, `era ${era}`).toBe(generation === 1 ? '0' : landed)
    }
  })

  test('the queues at the end of each era hold what transactions put in and is not paid yet', async () => {
    for (const { height, eraId, generation } of switches()) {
      const raw = await ask('state_get_auction_info_v2', height)
      if (generation === 1 || raw === null) continue
      const expected = raw.flatMap(({ bid: { Unbond } }) =>
        (Unbond?.eras ?? []).map((entry) => {
          const who = Object.values(Unbond?.unbond_kind ?? {})[0]
          const { era_of_creation, amount, new_validator } = entry
          return `${Unbond?.validator_public_key} ${who} ${era_of_creation} ${new_validator} ${amount}`
        }),
      )
      // Whoever leaves whole is still paid for the era, and that is put on top of the queue's newest entry by the era's end.
      const stored = await readRows<{ line: string }>(
        sql,
        `SELECT CONCAT_WS(' ', LOWER(HEX(v.public_key)), LOWER(HEX(COALESCE(d.public_key, d.address))), u.era_id,
                          COALESCE(LOWER(HEX(n.public_key)), 'null'), u.amount + IF(
                   u.validator_id = u.delegator_id
                   OR EXISTS (SELECT 1 FROM unbondings w WHERE w.era_id = u.era_id AND w.validator_id = u.validator_id
                                AND w.delegator_id = u.delegator_id
                                AND (w.height, w.ordinal, w.entry) > (u.height, u.ordinal, u.entry)), 0,
                   COALESCE((SELECT SUM(r.amount) FROM rewards r WHERE r.validator_id = u.validator_id
                               AND r.delegator_id = u.delegator_id AND r.era_id BETWEEN u.era_id AND ?
                               AND NOT EXISTS (SELECT 1 FROM delegations g WHERE g.era_id = r.era_id
                                 AND g.validator_id = r.validator_id AND g.delegator_id = r.delegator_id)), 0))) AS line
         FROM unbondings u JOIN parties v ON v.id = u.validator_id JOIN parties d ON d.id = u.delegator_id
         LEFT JOIN parties n ON n.id = u.new_validator_id
         WHERE u.era_id <= ? AND u.release_era > ?`,
        [eraId, eraId, eraId],
      )
      expect(stored.map(({ line }) => line).sort(), `era ${eraId}`).toEqual(expected.sort())
    }
  })

  test('what a stake movement moved out is what its transaction put into the queues', async () => {
    const wrong = await readRows(
      sql,
      `SELECT m.height, m.ordinal, m.moved, SUM(u.amount) AS queued FROM stake_movements m
       LEFT JOIN unbondings u USING (height, ordinal) WHERE m.kind IN (11, 12, 14)
       GROUP BY m.height, m.ordinal, m.moved HAVING m.moved <> COALESCE(SUM(u.amount), 0)`,
    )
    expect(wrong).toEqual([])
  })

  test('in other pieces, each after a restart, the tables are the same', async () => {
    await store(pieces.writerUrl, 1, 4)
    const other = await connectTo(pieces.readerUrl)
    expect(await dump(other)).toBe(await dump(sql))
    await other.end()
    await sql.end()
  })
})
