import { setTimeout as wait } from 'node:timers/promises'
import type { Ms } from '../../src/domain/time.ts'
import { createPeerWriter } from '../../src/store/peer-writer.ts'
import { ConfigError } from '../settings.ts'
import type { PeerConfig } from './config.ts'
import { type Locate, openLocations } from './locations.ts'
import { lookAround, type Round, type RoundPorts } from './round.ts'
import { runPeers } from './task.ts'

export interface Peers {
  /** Looks around again and again until `signal` aborts; never rejects. */
  run(onRound: (round: Round) => void, signal: AbortSignal): Promise<void>
  /** Looks around once. @throws as `lookAround` does */
  look(signal: AbortSignal): Promise<Round>
  close(): Promise<void>
}

const DAY: Ms = 86_400_000

/**
 * The task with everything it needs, as the crawler runs it beside its loop.
 * @param announces whether there is an edge to be told
 */
export function openPeers(
  config: PeerConfig,
  { databaseUrl, announces }: { readonly databaseUrl: string; readonly announces: boolean },
  given: Omit<RoundPorts, 'store' | 'openLocations'>,
): Peers {
  const store = createPeerWriter(databaseUrl, { announces })
  const ports = { ...given, store, openLocations: () => openLocations(config.PEERS_LOCATIONS) }
  const options = {
    statusPort: config.PEERS_STATUS_PORT,
    allowPrivate: config.PEERS_ALLOW_PRIVATE,
    keepMs: config.PEERS_KEEP_DAYS * DAY,
    everyMs: config.PEERS_EVERY_SECONDS * 1_000,
  }
  return {
    run(onRound, signal) {
      if (config.PEERS_LOCATIONS.length === 0 && options.everyMs > 0) {
        given.log.info('peers without places', { reason: 'PEERS_LOCATIONS is not set' })
      }
      return runPeers(options, { ...ports, onRound, sleep }, signal)
    },
    look: (signal) => lookAround(options, ports, signal),
    close: () => store.close(),
  }
}

/** An aborted pause is over, and no error. */
const sleep = (ms: Ms, signal: AbortSignal) => wait(ms, undefined, { signal }).catch(() => {})

/** A file that cannot be read is told at the start, not ten minutes later. @throws {ConfigError} */
export async function checkLocations({ PEERS_LOCATIONS: files }: PeerConfig): Promise<void> {
  const opened: Promise<Locate> = openLocations(files)
  await opened.catch((cause: Error) => {
    throw new ConfigError(`PEERS_LOCATIONS: ${cause.message}`, { cause })
  })
}
