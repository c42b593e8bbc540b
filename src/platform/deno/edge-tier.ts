import type { Tier } from '../../cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../cache/entry.ts'
import { isForEver } from '../../cache/expiry.ts'

/** Keys stand behind a host that nobody has: the Cache API wants URLs. */
const BASE = 'https://cache.invalid/'

/** Where earlier releases kept answers of all kinds. */
const OUTGROWN = 'values'

/**
 * Deno's Cache API: files on this machine. It heeds no Cache-Control, and never gives a file back (2.9): neither an
 * entry that is written over nor one that is deleted frees its bytes, only a whole cache does. So it keeps closed
 * history alone, which is written once, and of which there is only so much; KV keeps the rest.
 */
export async function createEdgeTier(storage: DenoCaches, name: string): Promise<Tier> {
  const cache = await storage.open(name)
  await storage.delete(OUTGROWN)
  return {
    name: 'edge',
    async get(key) {
      const response = await cache.match(BASE + key)
      return response ? decodeEntry(new Uint8Array(await response.arrayBuffer())) : null
    },
    async put(key, entry) {
      if (!isForEver(entry)) return
      await cache.put(BASE + key, new Response(encodeEntry(entry) as Uint8Array<ArrayBuffer>))
    },
    async delete(keys) {
      for (const key of keys) await cache.delete(BASE + key)
    },
  }
}
