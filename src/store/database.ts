import type { MySqlDatabase } from 'drizzle-orm/mysql-core'

/**
 * Any drizzle database of the MySQL family, whichever driver is below: mysql2 or the PlanetScale protocol. The two
 * parameters type the results of raw statements, which readers never use.
 */
export type Database = MySqlDatabase<any, any, any, any>
