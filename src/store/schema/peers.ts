import { mysqlTable } from 'drizzle-orm/mysql-core'
import { double, ms, publicKey, text } from '../columns.ts'

/**
 * Machines of the network as they were last seen. By address: a node's id is made anew at each of its starts, and would
 * leave a row behind. Addresses stay in the store; readers get the place.
 */
export const peers = mysqlTable('peers', {
  address: text('address', { length: 45 }).primaryKey(),
  /** The signing key that it says it has, whether or not it validates. */
  validator: publicKey('validator'),
  version: text('version', { length: 100 }),
  apiVersion: text('api_version', { length: 50 }),
  country: text('country', { length: 2 }),
  region: text('region', { length: 100 }),
  city: text('city', { length: 100 }),
  postal: text('postal', { length: 20 }),
  timezone: text('timezone', { length: 50 }),
  latitude: double('latitude'),
  longitude: double('longitude'),
  organisation: text('organisation', { length: 200 }),
  seenAt: ms('seen_at').notNull(),
  /** When it last gave a status; null when it never did. */
  answeredAt: ms('answered_at'),
})
