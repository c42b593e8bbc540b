import { type Faults, parseFault } from './faults.ts'
import type { Request } from './http/connection.ts'
import { message, type Reply, toJsonReply } from './http/reply.ts'
import { PATH_NOT_FOUND } from './rpc-reply.ts'

export type AdminPorts = {
  faults: Faults
  tip(): number
  lastHeight: number
  subscribers(): number
  advance(blocks: number): number
  rewind(height: number): number
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/**
 * The switches of a recorded node over HTTP, for those who run it as a program. From this machine only.
 *
 *     GET    /devnet              where the chain stands and what is switched on
 *     POST   /devnet/faults       {"kind":"slow","ms":500,"method":"chain_get_block","count":3} -> {"id":1}
 *     DELETE /devnet/faults       switches all off;  /devnet/faults/1 one of them
 *     POST   /devnet/advance      {"blocks":1}
 *     POST   /devnet/rewind       {"height":100}
 */
export function createAdminHandler(ports: AdminPorts) {
  const state = () => ({
    tip: ports.tip(),
    lastHeight: ports.lastHeight,
    subscribers: ports.subscribers(),
    faults: ports.faults.list(),
  })

  function act(method: string, path: string, body: Buffer): unknown {
    if (method === 'GET' && (path === '' || path === '/faults')) return state()
    if (method === 'DELETE' && path === '/faults') {
      ports.faults.clear()
      return state()
    }
    const one = /^\/faults\/(\d+)$/.exec(path)
    if (method === 'DELETE' && one) return { removed: ports.faults.remove(Number(one[1])) }
    if (method !== 'POST') return null
    const text = body.toString()
    const given = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    if (path === '/faults') return { id: ports.faults.add(parseFault(given)) }
    if (path === '/advance') return { tip: ports.advance(wholeNumber(given, 'blocks', 1)) }
    if (path === '/rewind') return { tip: ports.rewind(wholeNumber(given, 'height')) }
    return null
  }

  return ({ head, body, address }: Request): Reply => {
    if (!loopback.has(address)) return PATH_NOT_FOUND
    try {
      const said = act(head.method, head.path.slice('/devnet'.length), body)
      return said === null ? PATH_NOT_FOUND : toJsonReply(200, said)
    } catch (error) {
      return message(400, error instanceof Error ? error.message : String(error))
    }
  }
}

function wholeNumber(given: Record<string, unknown>, name: string, otherwise?: number): number {
  const value = given[name] ?? otherwise
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new TypeError(`${name} must be a whole number`)
  }
  return value
}
