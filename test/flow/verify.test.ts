import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { callCrawler } from '../support/crawler.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

/** Holds eras before and after the upgrade, deploys and transactions, rewards and stake movements. */
const LAST = 420

describe.each(['casper-upgrade', 'casper-1x'] as const)('%s, crawled', async (name) => {
  const node = await useNode(name, { start: LAST })
  const database = await useMariaDb()
  const sql = await connectTo(database.writerUrl)
  let before = ''

  const call = (...args: string[]) =>
    callCrawler(args, { CASPER_NODES: node.rpcUrl, DATABASE_URL: database.writerUrl })

  beforeAll(async () => {
    await migrate(database.writerUrl)
    await startCrawl(node.rpcUrl, database.writerUrl, { stopAt: LAST }).done
    before = await dump(sql)
  }, 120_000)

  test('verify finds no difference, signatures included', async () => {
    const { code, out, words } = await call('verify', '--signatures', 'all')
    expect(out, words).toContain(`${LAST + 1} blocks compared, 0 differences`)
    expect(code).toBe(0)
  }, 120_000)

  test('verify tells what differs, and repair writes it', async () => {
    await sql.query('UPDATE rewards SET amount = amount + 1 ORDER BY era_id DESC, delegator_id LIMIT 1')
    await sql.query('DELETE FROM transfers ORDER BY height, ordinal LIMIT 1')
    await sql.query('UPDATE eras SET total_supply = total_supply - 1 WHERE id = 3')
    await sql.query('UPDATE blocks SET proposer_id = 1 WHERE height = 200')
    await sql.query(
      'INSERT INTO rewards SELECT delegator_id, 0, validator_id, 7 FROM rewards ORDER BY era_id LIMIT 1',
    )
    await sql.query("INSERT INTO absences VALUES (120, 'era summary', 'refused')")

    const found = await call('verify')
    expect(found.code, found.words).toBe(2)
    expect(found.out).toMatch(/rewards .*amount: stored \d+, the node says \d+/s)
    expect(found.out).toMatch(/transfers height=\d+ ordinal=\d+: not stored/)
    expect(found.out).toContain('eras id=3 totalSupply: stored')
    expect(found.out).toContain('blocks height=200 proposerId')
    expect(found.out).toContain(
      'absences height=120 figure=era summary: stored, but the node has no such thing',
    )

    const open = await readRows<{ start: number }>(
      sql,
      'SELECT start_height AS start FROM eras WHERE end_height IS NULL',
    )
    const to = (open[0]?.start ?? LAST + 1) - 1
    const repaired = await call('repair', `0..${to}`)
    expect(repaired.code, repaired.words).toBe(0)
    expect(await dump(sql)).toBe(before)
    expect((await call('verify')).code).toBe(0)
  }, 180_000)

  test('verify of a range compares its whole eras only', async () => {
    const { code, out, words } = await call('verify', '--from', '100', '--to', '130')
    expect(code, words).toBe(0)
    expect(Number(/(\d+) blocks compared/.exec(out)?.[1])).toBeLessThan(80)
  }, 60_000)

  test.each([
    [['verify', '--from', 'x'], 64, /--from: must be a height/],
    [['verify', '--signatures', 'some'], 64, /--signatures: must be all/],
    [['verify', '--to', '99999'], 1, /The store holds blocks 0 to/],
    [['repair', '5-9'], 64, /range of heights such as/],
  ])('%j ends with %i and says why', async (args, code, words) => {
    const ended = await call(...args)
    expect(ended.words).toMatch(words)
    expect(ended.code).toBe(code)
  })
})
