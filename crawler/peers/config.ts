import { z } from 'zod'
import { type Env, list, parseSettings } from '../settings.ts'

/** Settings of the peers, from the crawler's environment. Each is told in docs/peers.md. */
const schema = z.object({
  /** Between two looks around; 0 for none. */
  PEERS_EVERY_SECONDS: z.coerce
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .min(0, 'must be 0 (off) or more')
    .max(86_400, 'must be at most 86400, a day')
    .default(600),
  /** Of the REST endpoint of the network's nodes. */
  PEERS_STATUS_PORT: z.coerce
    .number('must be a port')
    .int('must be a port')
    .min(1, 'must be a port')
    .max(65_535, 'must be a port')
    .default(8888),
  /** Days after which a peer that nobody tells of any more is forgotten. */
  PEERS_KEEP_DAYS: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1, 'must be 1 or more')
    .max(365, 'must be at most 365')
    .default(7),
  /** Files that tell where an address is. */
  PEERS_LOCATIONS: list.default([]),
  /** Visits loopback and private addresses too: for a network of one's own, never where strangers are told of. */
  PEERS_ALLOW_PRIVATE: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .default(false),
})

export type PeerConfig = z.output<typeof schema>

/** @throws {ConfigError} */
export function parsePeerConfig(env: Env): PeerConfig {
  return parseSettings(schema, env)
}
