import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const HOST = '127.0.0.1'

/** Whether something could listen on this port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, HOST, () => server.close(() => resolve(true)))
  })
}

/**
 * Where ports are looked for: below those that systems give to outgoing connections (32768 to 60999 on Linux, 49152 and up
 * elsewhere). One of theirs may be taken at any moment between our look and a part's start, by a connection of anybody's.
 */
const LOWEST = 20_000
const HIGHEST = 32_000

/**
 * Different free ports, drawn at random so that copies started together seldom draw the same. Another program may still
 * take one before we do: then its part ends with a message.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = randomInt(LOWEST, HIGHEST)
    if (!found.has(port) && (await isPortFree(port))) found.add(port)
  }
  return [...found]
}
