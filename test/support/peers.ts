import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** A status as nodes write it, 2.x by its members. */
export function statusOf(peers: readonly unknown[], changed: Readonly<Record<string, unknown>> = {}) {
  return {
    api_version: '2.0.0',
    protocol_version: '2.0.3',
    peers: peers.map((address, index) => ({ node_id: `tls:00${index}..ff`, address })),
    build_version: '2.0.3-abcdef-casper-mainnet',
    chainspec_name: 'casper-recorded',
    starting_state_root_hash: '9e'.repeat(32),
    last_added_block_info: null,
    our_public_signing_key: keyOf(0),
    uptime: '13m 57s',
    ...changed,
  }
}

/** A public key of the test's own. */
export const keyOf = (index: number) => `01${index.toString(16).padStart(64, '0')}`

export interface PeerTwins {
  /** The one port of them all, as REST endpoints of real nodes have one. */
  readonly port: number
  /** Addresses and paths that were asked, in order. */
  readonly asked: string[]
  /** What a twin does; a value is sent as JSON. @param ip of 127.0.0.0/8 */
  set(ip: string, answer: RequestListener | object): Promise<void>
}

/** REST endpoints of nodes: real servers on addresses of the loopback network. */
export async function usePeers(): Promise<PeerTwins> {
  const servers = new Map<string, Server>()
  const answers = new Map<string, RequestListener | object>()
  const asked: string[] = []

  async function listen(ip: string, port: number): Promise<Server> {
    const server = createServer((request, response) => {
      asked.push(`${ip}${request.url}`)
      const answer = answers.get(ip)
      if (typeof answer === 'function') return (answer as RequestListener)(request, response)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, ip, resolve)
    })
    return server
  }

  const first = await listen('127.0.0.1', 0)
  servers.set('127.0.0.1', first)
  answers.set('127.0.0.1', (_, response) => void response.writeHead(503).end())
  const { port } = first.address() as AddressInfo
  afterAll(() => {
    for (const server of servers.values()) {
      server.close()
      server.closeAllConnections()
    }
  })
  return {
    port,
    asked,
    async set(ip, answer) {
      answers.set(ip, answer)
      if (!servers.has(ip)) servers.set(ip, await listen(ip, port))
    },
  }
}
