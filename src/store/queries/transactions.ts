import { asc, eq, type SQL } from 'drizzle-orm'
import { type Hash, isHash } from '../../domain/hash.ts'
import type { Transaction } from '../../domain/transaction.ts'
import type { Database } from '../database.ts'
import { toTransaction } from '../rows/transaction.ts'
import { parties, transactions } from '../schema/chain.ts'

/** Transactions of one block in the order of its body. */
export async function readTransactions(db: Database, height: number): Promise<Transaction[]> {
  return select(db, eq(transactions.height, height))
}

/** null also for a text that is no hash. */
export async function readTransaction(db: Database, hash: Hash): Promise<Transaction | null> {
  if (!isHash(hash)) return null
  const [transaction] = await select(db, eq(transactions.hash, hash.toLowerCase()))
  return transaction ?? null
}

async function select(db: Database, where: SQL): Promise<Transaction[]> {
  const rows = await db
    .select({
      transaction: transactions,
      sender: { kind: parties.kind, address: parties.address, publicKey: parties.publicKey },
    })
    .from(transactions)
    .innerJoin(parties, eq(parties.id, transactions.senderId))
    .where(where)
    .orderBy(asc(transactions.height), asc(transactions.ordinal))
  return rows.map(({ transaction, sender }) => toTransaction(transaction, sender))
}
