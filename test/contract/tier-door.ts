import type { Entry, Tier } from '../../src/cache/cache.ts'

/*
 * Tiers of another runtime by HTTP, so that one suite asks all of them: POST /<tier>/<verb> with JSON, bytes in base64.
 */

interface WireEntry extends Omit<Entry, 'bytes'> {
  readonly base64: string
}

interface Order {
  readonly key?: string
  readonly keys?: readonly string[]
  readonly entry?: WireEntry
}

/** The door in the runtime under test. */
export async function handle(tiers: Readonly<Record<string, Tier>>, request: Request): Promise<Response> {
  const [, name = '', verb] = new URL(request.url).pathname.split('/')
  const tier = tiers[name]
  if (tier === undefined) return new Response('ready')
  const { key = '', keys = [], entry } = (await request.json()) as Order
  try {
    if (verb === 'get') {
      const found = await tier.get(key)
      return Response.json(found && toWire(found))
    }
    if (verb === 'put' && entry) await tier.put(key, fromWire(entry))
    if (verb === 'delete') await tier.delete(keys)
    return Response.json(null)
  } catch (error) {
    return new Response(error instanceof Error ? error.stack : String(error), { status: 500 })
  }
}

/** A tier of the runtime that listens at `url`. */
export function createRemoteTier(url: string, name: 'edge' | 'kv'): Tier {
  async function order(verb: string, body: Order): Promise<WireEntry | null> {
    const response = await fetch(`${url}/${name}/${verb}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${verb} failed: ${await response.text()}`)
    return (await response.json()) as WireEntry | null
  }
  return {
    name,
    async get(key) {
      const found = await order('get', { key })
      return found && fromWire(found)
    },
    async put(key, entry) {
      await order('put', { key, entry: toWire(entry) })
    },
    async delete(keys) {
      await order('delete', { keys })
    },
  }
}

function toWire({ bytes, ...rest }: Entry): WireEntry {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return { ...rest, base64: btoa(binary) }
}

function fromWire({ base64, ...rest }: WireEntry): Entry {
  return { ...rest, bytes: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) }
}
