import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'

/** Rows as text and numbers, straight from the tables: what an operator with a SQL prompt would see. */
export async function readRows<T>(
  connection: Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const [rows] = await connection.query<(T & RowDataPacket)[]>(sql, [...values])
  return rows
}

export function connectTo(url: string): Promise<Connection> {
  return mysql.createConnection({ uri: url, supportBigNumbers: true, bigNumberStrings: true })
}

/** What tells of the crawler at work, not of the chain. */
const PASSING = ['heartbeat', 'lease', 'announcements', 'incidents', 'cuts']

/**
 * Every table's rows in order, as one text: two stores are the same when these are. Chosen and sorted here, since engines
 * differ in how they collate names and match patterns.
 */
export async function dump(connection: Connection): Promise<string> {
  const tables = await readRows<{ name: string }>(
    connection,
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  )
  const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('__'))
  const parts: string[] = []
  for (const name of names.sort()) {
    if (PASSING.includes(name)) continue
    const rows = await readRows<Record<string, string | number | Buffer | null>>(
      connection,
      `SELECT * FROM \`${name}\``,
    )
    const lines = rows.map((row) =>
      Object.values(row)
        .map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value)))
        .join('|'),
    )
    parts.push(`${name}\n${lines.sort().join('\n')}`)
  }
  return parts.join('\n\n')
}

export interface StoredTransaction {
  readonly hash: string
  readonly height: number
  readonly ordinal: number
  readonly era: number
  readonly success: number
  readonly error: string | null
  readonly cost: string
  readonly gasLimit: string | null
  readonly consumed: string | null
  readonly refund: string | null
}

export function readTransactions(connection: Connection): Promise<StoredTransaction[]> {
  return readRows(
    connection,
    `SELECT LOWER(HEX(hash)) AS hash, height, ordinal, era_id AS era, success, error, cost, gas_limit AS gasLimit,
            consumed, refund
     FROM transactions ORDER BY height, ordinal`,
  )
}

export interface StoredTransfer {
  readonly hash: string
  readonly height: number
  readonly from: string
  readonly to: string | null
  readonly source: string
  readonly target: string
  readonly amount: string
  readonly id: string | null
  readonly auction: number
}

export function readTransfers(connection: Connection): Promise<StoredTransfer[]> {
  return readRows(
    connection,
    `SELECT LOWER(HEX(t.transaction_hash)) AS hash, t.height, LOWER(HEX(f.address)) AS \`from\`,
            LOWER(HEX(o.address)) AS \`to\`, LOWER(HEX(s.address)) AS source, LOWER(HEX(g.address)) AS target,
            t.amount, CAST(t.id AS CHAR) AS id, t.auction
     FROM transfers t JOIN parties f ON f.id = t.from_id LEFT JOIN parties o ON o.id = t.to_id
     JOIN parties s ON s.id = t.source_id JOIN parties g ON g.id = t.target_id
     ORDER BY t.height, t.ordinal`,
  )
}

export interface StoredMovement {
  readonly hash: string
  readonly kind: number
  readonly validator: string | null
  readonly newValidator: string | null
  readonly delegator: string | null
  readonly amount: string | null
  readonly moved: string | null
  readonly delegationRate: number | null
  readonly success: number
}

export function readMovements(connection: Connection): Promise<StoredMovement[]> {
  return readRows(
    connection,
    `SELECT LOWER(HEX(t.hash)) AS hash, m.kind, LOWER(HEX(v.public_key)) AS validator,
            LOWER(HEX(n.public_key)) AS newValidator,
            COALESCE(LOWER(HEX(d.public_key)), CONCAT('purse-', LOWER(HEX(d.address)))) AS delegator,
            m.amount, m.moved, m.delegation_rate AS delegationRate, m.success
     FROM stake_movements m JOIN transactions t ON t.height = m.height AND t.ordinal = m.ordinal
     LEFT JOIN parties v ON v.id = m.validator_id LEFT JOIN parties n ON n.id = m.new_validator_id
     LEFT JOIN parties d ON d.id = m.delegator_id`,
  )
}

/** Rewards of one era as `validator delegator amount`, the delegator a key or a purse; a validator's own has none. */
export async function readRewards(connection: Connection, eraId: number): Promise<string[]> {
  const delegated = await readRows<{ line: string }>(
    connection,
    `SELECT CONCAT(LOWER(HEX(v.public_key)), ' ', COALESCE(LOWER(HEX(d.public_key)), LOWER(HEX(d.address))), ' ', r.amount) AS line
     FROM rewards r JOIN parties v ON v.id = r.validator_id JOIN parties d ON d.id = r.delegator_id
     WHERE r.era_id = ?`,
    [eraId],
  )
  const own = await readRows<{ line: string }>(
    connection,
    `SELECT CONCAT(LOWER(HEX(v.public_key)), ' - ', e.reward) AS line
     FROM era_validators e JOIN parties v ON v.id = e.validator_id
     WHERE e.era_id = ? AND e.reward > 0`,
    [eraId],
  )
  return [...delegated, ...own].map(({ line }) => line).sort()
}
