import type { Tier } from '../../cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../cache/entry.ts'

/** Keys stand behind a host that nobody has: the Cache API wants URLs. */
const BASE = 'https://cache.invalid/'

/**
 * Deno's Cache API: files on this machine. It heeds no Cache-Control and drops nothing by itself, so that expiry is
 * read from the entry, and an entry past all use is deleted by whoever meets it.
 */
export async function createEdgeTier(storage: DenoCaches, name: string): Promise<Tier> {
  const cache = await storage.open(name)
  return {
    name: 'edge',
    async get(key) {
      const response = await cache.match(BASE + key)
      return response ? decodeEntry(new Uint8Array(await response.arrayBuffer())) : null
    },
    async put(key, entry) {
      await cache.put(BASE + key, new Response(encodeEntry(entry) as Uint8Array<ArrayBuffer>))
    },
    async delete(keys) {
      for (const key of keys) await cache.delete(BASE + key)
    },
  }
}
