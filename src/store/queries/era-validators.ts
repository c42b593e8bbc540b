import { asc, between, eq } from 'drizzle-orm'
import type { EraValidator } from '../../domain/reward.ts'
import type { Database } from '../database.ts'
import { toEraValidator } from '../rows/reward.ts'
import { eraValidators, parties } from '../schema/chain.ts'

export async function readEraValidators(
  db: Database,
  fromEra: number,
  toEra: number,
): Promise<EraValidator[]> {
  const rows = await db
    .select({ row: eraValidators, validator: { publicKey: parties.publicKey } })
    .from(eraValidators)
    .innerJoin(parties, eq(parties.id, eraValidators.validatorId))
    .where(between(eraValidators.eraId, fromEra, toEra))
    .orderBy(asc(eraValidators.eraId), asc(eraValidators.validatorId))
  return rows.map(({ row, validator }) => toEraValidator(row, validator))
}
