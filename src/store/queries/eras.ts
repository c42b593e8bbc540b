import { asc, between } from 'drizzle-orm'
import type { Era } from '../../domain/era.ts'
import type { Database } from '../database.ts'
import { toEra } from '../rows/era.ts'
import { eras } from '../schema/chain.ts'

export async function readEras(db: Database, from: number, to: number): Promise<Era[]> {
  const rows = await db
    .select()
    .from(eras)
    .where(between(eras.id, from, to))
    .orderBy(asc(eras.id))
  return rows.map(toEra)
}
