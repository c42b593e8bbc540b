import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { CasperNode } from '../../../crawler/node/node.ts'
import { createRpc } from '../../../crawler/node/rpc.ts'
import type { Store } from '../store.ts'
import { ERA } from './curve-chain.ts'
import type { Node } from './rig.ts'

/** An era that a crawl stored, of which the others are copies: not the first, whose validators are paid less. */
const TEMPLATE = 2

/** Eras of one statement. Within it rows come in the order of the keys; over all, as a crawl brings them. */
const CHUNK = 50

/** Of transactions and transfers, one block in so many has one: the chain's whole history has far fewer than blocks. */
const RARE = 5

const hash = (word: string) => `UNHEX(SHA2(CONCAT('${word}', t.height, '.', s.seq), 256))`

/** What of a copied row is another's; every other column is the template's. `s.seq` is the era's number. */
const moved = (blockTime: number): Readonly<Record<string, string>> => ({
  era_id: 's.seq',
  height: `t.height + (s.seq - ${TEMPLATE}) * ${ERA}`,
  start_height: `t.start_height + (s.seq - ${TEMPLATE}) * ${ERA}`,
  end_height: `t.end_height + (s.seq - ${TEMPLATE}) * ${ERA}`,
  ...Object.fromEntries(
    ['time', 'start_time', 'end_time', 'created_at'].map((name) => [
      name,
      `t.${name} + (s.seq - ${TEMPLATE}) * ${ERA * blockTime}`,
    ]),
  ),
})

interface Table {
  readonly name: string
  /** Whether an era's rows come together, as they do by height; else those of a delegator, as the key has them. */
  readonly isByEra: boolean
  readonly changes?: Readonly<Record<string, string>>
  /** Which rows of the era are copied. */
  readonly only?: string
}

const TABLES: readonly Table[] = [
  {
    name: 'blocks',
    isByEra: true,
    changes: { hash: hash('block'), parent_hash: hash('parent'), state_root_hash: hash('state') },
  },
  { name: 'eras', isByEra: true, changes: { id: 's.seq' } },
  {
    name: 'transactions',
    isByEra: true,
    changes: { hash: hash('transaction') },
    only: `ordinal = 0 AND height % ${RARE} = 0`,
  },
  {
    name: 'transfers',
    isByEra: true,
    changes: { transaction_hash: hash('transaction') },
    only: `ordinal = 0 AND height % ${RARE} = 0`,
  },
  { name: 'era_validators', isByEra: true },
  { name: 'rewards', isByEra: false },
]

/**
 * Fills a crawled store with copies of one of its eras, by SQL, up to the height of a switch block, so that a crawl of
 * `node` goes on from there: what the crawl needs of the last block is the node's own.
 */
export async function fill(store: Store, database: string, node: Node, height: number): Promise<void> {
  const connection = await mysql.createConnection({ uri: store.server.adminUrl, database })
  try {
    await loosen(connection)
    const [[from]] = await connection.query<RowDataPacket[]>('SELECT era_id, time FROM checkpoint')
    const first = Number(from?.era_id) + 1
    const last = height / ERA
    for (const table of TABLES) await copyEras(connection, table, first, last)
    await moveTo(connection, node, height)
    await settle(connection)
  } finally {
    await connection.end()
  }
  await store.restart()
}

/** For filling alone; a restart brings the settings back. */
async function loosen(connection: Connection): Promise<void> {
  for (const statement of [
    'SET GLOBAL innodb_buffer_pool_size = 6 * 1024 * 1024 * 1024',
    'SET GLOBAL innodb_log_file_size = 2 * 1024 * 1024 * 1024',
    'SET GLOBAL innodb_flush_log_at_trx_commit = 0',
    'SET SESSION unique_checks = 0',
    // No join buffers, which would change the order.
    'SET SESSION join_cache_level = 0',
  ]) {
    await connection.query(statement)
  }
}

async function copyEras(connection: Connection, table: Table, first: number, last: number): Promise<void> {
  const { name, isByEra, only = 'true' } = table
  const template = `template_${name}`
  const key = name === 'eras' ? 'id' : 'era_id'
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${template} AS SELECT * FROM ${name} WHERE ${key} = ${TEMPLATE} AND ${only}`,
  )
  const [columns] = await connection.query<RowDataPacket[]>(`SHOW COLUMNS FROM ${name}`)
  const changes = { ...moved(8_000), ...table.changes }
  const values = columns.map(({ Field }) => changes[Field as string] ?? `t.\`${Field}\``)
  for (let from = first; from <= last; from += CHUNK) {
    const to = Math.min(last, from + CHUNK - 1)
    const joined = [`seq_${from}_to_${to} s`, `${template} t`]
    // The order is that of the loops: a sort would copy all of it. The era to come has rows of its validators already.
    await connection.query(
      `REPLACE INTO ${name} SELECT ${values.join()} FROM ${(isByEra ? joined : joined.reverse()).join(' STRAIGHT_JOIN ')}`,
    )
  }
}

/** Makes the node's own block the store's last one, and names the validators of the era after it. */
async function moveTo(connection: Connection, node: Node, height: number): Promise<void> {
  const limits = { connections: 1, pipeline: 1, timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 }
  const rpc = createRpc({ url: node.rpcUrl, ...limits })
  const casper = new CasperNode(rpc)
  const block = await casper.readBlock(height)
  const { totalSupply } = await casper.readSystemContracts(height)
  if (!block?.eraEnd || totalSupply === null) throw new Error(`block ${height} of the node ends no era`)
  const supply = await casper.readTotalSupply(totalSupply, height)
  rpc.close()

  const { hash, parentHash, stateRootHash, time, eraId, eraEnd } = block
  await connection.query(
    `UPDATE blocks SET hash = x'${hash}', parent_hash = x'${parentHash}', state_root_hash = x'${stateRootHash}',
      time = ${time}, total_supply = ${supply} WHERE height = ${height}`,
  )
  await connection.query(`UPDATE eras SET end_time = ${time}, total_supply = ${supply} WHERE id = ${eraId}`)
  await connection.query(
    `REPLACE INTO era_validators SELECT ${eraId + 1}, validator_id, weight, 0, 0, 0, 0, 0, equivocated, inactive
      FROM era_validators WHERE era_id = ${eraId}`,
  )
  for (const { validator, weight } of eraEnd.weights) {
    await connection.query(
      `UPDATE era_validators v JOIN parties p ON p.id = v.validator_id
        SET v.weight = ${weight}, v.equivocated = NULL, v.inactive = NULL
        WHERE v.era_id = ${eraId + 1} AND p.public_key = x'${validator}'`,
    )
  }
  await connection.query(
    `UPDATE checkpoint SET height = ${height}, hash = x'${hash}', era_id = ${eraId}, time = ${time}`,
  )
}

/** Waits until what was filled is on the disk: a server that stops has 20 s for it. */
async function settle(connection: Connection): Promise<void> {
  await connection.query(
    'SET GLOBAL innodb_max_dirty_pages_pct = 0, GLOBAL innodb_max_dirty_pages_pct_lwm = 0',
  )
  await connection.query('SET GLOBAL innodb_io_capacity_max = 40000, GLOBAL innodb_io_capacity = 20000')
  for (;;) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'",
    )
    if (Number(row?.Value) < 500) return
    await connection.query('SELECT SLEEP(0.5)')
  }
}
