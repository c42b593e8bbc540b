import { mysqlTable, primaryKey } from 'drizzle-orm/mysql-core'
import { double, ms, publicKey, text } from '../columns.ts'

/** Nodes of the network as they were last seen. Addresses stay in the store; readers get the place. */
export const peers = mysqlTable(
  'peers',
  {
    nodeId: text('node_id', { length: 100 }).notNull(),
    address: text('address', { length: 100 }).notNull(),
    /** Of a node that runs a validator and says so. */
    validator: publicKey('validator'),
    version: text('version', { length: 100 }),
    apiVersion: text('api_version', { length: 50 }),
    country: text('country', { length: 2 }),
    region: text('region', { length: 100 }),
    city: text('city', { length: 100 }),
    latitude: double('latitude'),
    longitude: double('longitude'),
    organisation: text('organisation', { length: 200 }),
    seenAt: ms('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.nodeId] })],
)
