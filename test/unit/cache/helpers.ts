import type { Entry, Key, Tier } from '../../../src/cache/cache.ts'
import { decodeEntry } from '../../../src/cache/entry.ts'
import { type CacheOptions, createCache } from '../../../src/cache/tiers.ts'
import type { Ms } from '../../../src/domain/time.ts'

/** Any instant will do: nothing reads the real clock. */
export const START: Ms = 1_700_000_000_000

export class TestClock {
  time: Ms = START
  now = (): Ms => this.time
  pass(seconds: number): void {
    this.time += seconds * 1_000
  }
}

/** Background work that a test can wait for. */
export class TestBackground {
  readonly running = new Set<Promise<unknown>>()
  count = 0
  run = (work: Promise<unknown>): void => {
    this.count++
    const tracked = work.catch(() => {}).finally(() => this.running.delete(tracked))
    this.running.add(tracked)
  }
  async settle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }
}

/** The twin of a durable tier, with the faults that real ones have. */
export class MemoryTier implements Tier {
  readonly entries = new Map<string, Entry>()
  /** What a disk or another program left in the place of an entry. */
  readonly damage = new Map<string, Uint8Array>()
  readonly calls: string[] = []
  readonly purgedTags: string[] = []
  isLastResort?: boolean
  purgeTags?: (tags: readonly string[]) => Promise<void>
  fault: 'none' | 'throws' | 'hangs' = 'none'
  readonly name: Tier['name']

  constructor(name: Tier['name'], options: { isLastResort?: boolean } = {}) {
    this.name = name
    if (options.isLastResort) this.isLastResort = true
  }
  async get(key: string): Promise<Entry | null> {
    await this.#enter(`get ${key}`)
    const damaged = this.damage.get(key)
    if (damaged) return decodeEntry(damaged)
    return this.entries.get(key) ?? null
  }
  async put(key: string, entry: Entry): Promise<void> {
    await this.#enter(`put ${key}`)
    this.entries.set(key, entry)
    this.damage.delete(key)
  }
  async delete(keys: readonly string[]): Promise<void> {
    await this.#enter(`delete ${keys.join(' ')}`)
    for (const key of keys) this.entries.delete(key)
  }
  #enter(call: string): Promise<void> {
    this.calls.push(call)
    if (this.fault === 'throws') return Promise.reject(new Error(`${this.name} is broken`))
    if (this.fault === 'hangs') return new Promise(() => {})
    return Promise.resolve()
  }
}

export const text: Key<string>['codec'] = {
  version: 't1',
  encode: (value) => new TextEncoder().encode(value),
  decode: (bytes) => {
    const value = new TextDecoder().decode(bytes)
    if (value.startsWith('damaged')) throw new RangeError('damaged')
    return value
  },
}

export const toKey = (id: string, cacheClass: Key<string>['cacheClass'] = 'PER_BLOCK'): Key<string> => ({
  id,
  cacheClass,
  codec: text,
})

/** A store that counts its questions and fails on demand. */
export class TestStore {
  asked = 0
  error: unknown = null
  value = 'one'
  /** Questions wait for it. */
  gate: Promise<unknown> = Promise.resolve()
  load = async (): Promise<string> => {
    this.asked++
    await this.gate
    if (this.error !== null) throw this.error
    return this.value
  }
}

export function setUp(tiers: readonly MemoryTier[] = [], options: Partial<CacheOptions> = {}) {
  const clock = new TestClock()
  const background = new TestBackground()
  const store = new TestStore()
  const reports: string[] = []
  const make = () =>
    createCache(
      { namespace: () => 'casper-0a1b2c3d', memoryBytes: 1_000_000, ...options },
      { tiers, clock, background, report: (event) => reports.push(event) },
    )
  const cache = make()
  const read = (id = 'tip', cacheClass?: Key<string>['cacheClass']) =>
    cache.read(toKey(id, cacheClass), store.load)
  return { clock, background, store, reports, cache, read, make }
}
