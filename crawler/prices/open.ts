import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../src/ports.ts'
import { createPriceWriter } from '../../src/store/price-writer.ts'
import { systemClock } from '../node/pool/clock.ts'
import { createCoinGecko } from './coingecko.ts'
import type { PriceConfig } from './config.ts'
import { createCryptoCompare } from './cryptocompare.ts'
import { type Sleep, toPolite } from './polite.ts'
import type { PricePorts } from './ports.ts'
import type { PriceSource } from './source.ts'
import { runPrices } from './task.ts'

/** An aborted pause is over, and no error. */
export const sleep: Sleep = (ms, signal) => wait(ms, undefined, { signal }).catch(() => {})

/** The sources that the configuration names, in its order. */
export function createSources(config: PriceConfig, clock: Clock): PriceSource[] {
  return config.PRICE_SOURCES.map((name) => {
    if (name === 'coingecko') {
      return createCoinGecko({ url: config.COINGECKO_URL, key: config.COINGECKO_KEY ?? null, clock })
    }
    const isSample = name === 'sample'
    return createCryptoCompare({
      name,
      url: (isSample ? config.SAMPLE_PRICES_URL : undefined) ?? config.CRYPTOCOMPARE_URL,
      key: isSample ? null : (config.CRYPTOCOMPARE_KEY ?? null),
      // 300 calls a minute are allowed.
      spacing: isSample ? 0 : 1_000,
    })
  })
}

export interface Prices {
  /** Keeps prices until `signal` aborts; never rejects. Without sources it is over at once. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * The task with everything it needs, as the crawler runs it beside its loop.
 * @param databaseUrl the store; connected to when there is a source
 */
export function openPrices(
  config: PriceConfig,
  databaseUrl: string,
  { log, clock, announce }: Pick<PricePorts, 'log' | 'clock' | 'announce'>,
): Prices {
  const store = createPriceWriter(databaseUrl)
  const sources = createSources(config, clock).map((source) =>
    toPolite(source, { clock: systemClock, sleep, log }),
  )
  return {
    run: (signal) =>
      runPrices(
        { since: config.PRICE_SINCE, pollMs: config.PRICE_POLL_MS },
        { sources, store, announce, clock, sleep, log },
        signal,
      ),
    close: () => store.close(),
  }
}
