import type { Ms } from '../../domain/time.ts'
import type { Background } from '../../ports.ts'

/** What an entry takes in KV's file beside its bytes, rounded up: it also bounds the rows that a sweep looks at. */
const OVERHEAD = 4_096
/** A sweep leaves so much of the room, so that the next one is far. */
const KEPT = 0.75
/** KV reads up to a thousand rows at once, and takes transactions of up to a thousand changes. */
const ROWS_AT_ONCE = 500

const PREFIX = 'room'

interface Row {
  readonly at: Ms
  readonly size: number
  readonly parts: number
}

interface Taker extends Row {
  readonly key: string
}

/**
 * Keeps the entries that can change within a bound, the longest unwritten ones leave first: anybody can make millions of
 * them, by questions that nobody asks twice. A row in KV tells of each, so that a restart forgets nothing, and is
 * written and expires together with it. What is counted between two sweeps errs upwards only.
 */
export interface Room {
  /** Adds an entry to the transaction that writes it. */
  enter(write: Deno.AtomicOperation, key: string, row: Row, expireIn: Ms): void
  /** To be called once it is written. */
  entered(row: Row): void
}

/** @param toKeys everything that KV holds of an entry of so many parts */
export function createRoom(
  options: { readonly bytes: number; readonly toKeys: (key: string, parts: number) => Deno.KvKey[] },
  kv: Deno.Kv,
  background: Background,
): Room {
  // Of what was there before this process nothing is known until the first sweep has looked.
  let taken = Number.POSITIVE_INFINITY
  let isSweeping = false

  async function sweep(): Promise<void> {
    const before = taken
    taken = 0
    try {
      const takers: Taker[] = []
      for await (const { key, value } of kv.list<Row>({ prefix: [PREFIX] }, { batchSize: ROWS_AT_ONCE })) {
        if (value !== null) takers.push({ ...value, key: String(key[1]) })
      }
      const { leaving, bytes } = choose(takers, options.bytes * KEPT)
      const keys = leaving.flatMap(({ key, parts }) => [[PREFIX, key], ...options.toKeys(key, parts)])
      for (let from = 0; from < keys.length; from += ROWS_AT_ONCE) {
        const write = kv.atomic()
        for (const key of keys.slice(from, from + ROWS_AT_ONCE)) write.delete(key)
        await write.commit()
      }
      taken += bytes
    } catch (error) {
      // The next entry tries again; that KV fails is told by the tier, which meets the same.
      taken = before
      throw error
    } finally {
      isSweeping = false
    }
  }

  return {
    enter(write, key, row, expireIn) {
      write.set([PREFIX, key], row, { expireIn })
    },
    entered(row) {
      taken += row.size + OVERHEAD
      if (taken <= options.bytes || isSweeping) return
      isSweeping = true
      background.run(sweep())
    },
  }
}

/** Those that have to leave, and the bytes of those that stay: the youngest ones. */
function choose(takers: Taker[], most: number): { leaving: Taker[]; bytes: number } {
  takers.sort((a, b) => b.at - a.at)
  let bytes = 0
  const end = takers.findIndex(({ size }) => {
    const next = bytes + size + OVERHEAD
    if (next > most) return true
    bytes = next
    return false
  })
  return { leaving: end < 0 ? [] : takers.slice(end), bytes }
}
