import { count, desc, eq, max, min, sql } from 'drizzle-orm'
import type { Ms } from '../../domain/time.ts'
import type { Database } from '../database.ts'
import { STORE_NOW } from '../now.ts'
import { absences, announcements, incidents, lease } from '../schema/operations.ts'

/** What the crawler keeps about its own work, as an operator looks at it. Times by the store's clock. */
export interface Operations {
  readonly now: Ms
  /** null when nobody holds it. */
  readonly lease: {
    readonly holder: string
    readonly term: number
    readonly takenAt: Ms
    readonly until: Ms
  } | null
  readonly announcements: readonly { readonly group: string; readonly height: number; readonly at: Ms }[]
  readonly absences: readonly {
    readonly figure: string
    readonly count: number
    readonly first: number
    readonly last: number
  }[]
  readonly incidents: { readonly count: number; readonly newest: readonly Incident[] }
}

export interface Incident {
  readonly at: Ms
  readonly kind: string
  readonly height: number
  readonly detail: string
}

/** Incidents that are shown; all of them are counted. */
const NEWEST = 5

/** Absences are counted by their index; the other tables are small. */
export async function readOperations(db: Database): Promise<Operations> {
  const [held] = await db
    .select({ row: lease, now: sql`${sql.raw(STORE_NOW)}`.mapWith(Number) })
    .from(lease)
    .where(eq(lease.id, 1))
  const [counted] = await db.select({ count: count() }).from(incidents)
  const newest = await db.select().from(incidents).orderBy(desc(incidents.at)).limit(NEWEST)
  const absent = await db
    .select({
      figure: absences.figure,
      count: count(),
      first: min(absences.height),
      last: max(absences.height),
    })
    .from(absences)
    .groupBy(absences.figure)
    .orderBy(absences.figure)
  return {
    now: held?.now ?? Date.now(),
    lease: held === undefined || held.row.holder === '' ? null : held.row,
    announcements: await db.select().from(announcements).orderBy(announcements.group),
    absences: absent.map(({ first, last, ...rest }) => ({
      ...rest,
      first: Number(first),
      last: Number(last),
    })),
    incidents: { count: counted?.count ?? 0, newest },
  }
}
