import { DamagedError, type Tier } from '../../cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../cache/entry.ts'
import { isForEver } from '../../cache/expiry.ts'
import type { Background, Clock } from '../../ports.ts'
import { createRoom } from './kv-room.ts'

/** Deno KV takes values of up to 64 KiB: a page is cut into parts of a little less. */
const PART = 60 * 1_024
/** It takes transactions of up to 800 KiB: longer entries are not kept here. */
const MOST_PARTS = 13

const PREFIX = 'cache'

/** Part 0 says how many there are: an entry of few parts must not end in the old parts of a longer one. */
interface First {
  readonly parts: number
  readonly total: number
  readonly bytes: Uint8Array
}

export interface KvTierPorts {
  readonly kv: Deno.Kv
  readonly clock: Clock
  readonly background: Background
}

/**
 * Deno KV: a file, or a database of the whole world on Deno Deploy.
 * @param bytes of all entries that can change; history has as much room as it needs
 */
export function createKvTier(bytes: number, { kv, clock, background }: KvTierPorts): Tier {
  const room = createRoom({ bytes, toKeys }, kv, background)
  return {
    name: 'kv',
    async get(key) {
      const { value: first } = await kv.get<First>([PREFIX, key, 0])
      if (first === null) return null
      if (!(first.total <= MOST_PARTS * PART)) throw new DamagedError(`An entry of ${first.total} bytes`)
      const bytes = new Uint8Array(first.total)
      bytes.set(first.bytes, 0)
      const rest = await readRest(kv, key, first.parts)
      if (rest === null) return null
      rest.forEach((part, index) => {
        bytes.set(part, (index + 1) * PART)
      })
      return decodeEntry(bytes)
    },
    async put(key, entry) {
      const bytes = encodeEntry(entry)
      const parts = Math.ceil(bytes.length / PART)
      if (parts > MOST_PARTS) return
      const expireIn = Math.max(1, entry.errorUntil - clock.now())
      // All parts or none: a reader must not put two entries together.
      const write = kv.atomic()
      for (let part = 0; part < parts; part++) {
        const slice = bytes.slice(part * PART, (part + 1) * PART)
        const value = part === 0 ? { parts, total: bytes.length, bytes: slice } : slice
        write.set([PREFIX, key, part], value, { expireIn })
      }
      const row = { at: clock.now(), size: bytes.length, parts }
      const isBounded = !isForEver(entry)
      if (isBounded) room.enter(write, key, row, expireIn)
      await write.commit()
      if (isBounded) room.entered(row)
    },
    async delete(keys) {
      // Without part 0 nobody looks at the others, which expire by themselves or are written over.
      for (const key of keys) await kv.delete([PREFIX, key, 0])
    },
  }
}

function toKeys(key: string, parts: number): Deno.KvKey[] {
  return Array.from({ length: parts }, (_, part) => [PREFIX, key, part])
}

/** KV reads up to ten keys at once. */
const AT_ONCE = 10

async function readRest(kv: Deno.Kv, key: string, parts: number): Promise<Uint8Array[] | null> {
  const rest: Uint8Array[] = []
  for (let from = 1; from < parts; from += AT_ONCE) {
    const keys = Array.from({ length: Math.min(AT_ONCE, parts - from) }, (_, index) => [
      PREFIX,
      key,
      from + index,
    ])
    for (const { value } of await kv.getMany<Uint8Array[]>(keys)) {
      if (value === null) return null
      rest.push(value)
    }
  }
  return rest
}
