import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { explore } from '../../../../crawler/peers/explore.ts'
import { visit } from '../../../../crawler/peers/visit.ts'
import { keyOf, statusOf, usePeers } from '../../../support/peers.ts'

const NEVER = new AbortController().signal
const at = (last: number, host = 0) => `127.0.${host}.${last}:35000`
const OPTIONS = { allowPrivate: true, depth: 4, most: 100, atOnce: 8, totalMs: 20_000 }

describe('peers on real connections', async () => {
  const peers = await usePeers()

  const look = (told: readonly unknown[], changed = {}, signal = NEVER, timeout = 5_000) =>
    explore(
      told,
      (address, inner) => visit(address, { network: 'casper-recorded', port: peers.port, timeout }, inner),
      { ...OPTIONS, ...changed },
      signal,
    )
  const failuresOf = async (told: readonly unknown[], timeout?: number) =>
    Object.fromEntries((await look(told, {}, NEVER, timeout)).failures)

  test('are found breadth first, each visited once, also in a circle', async () => {
    await peers.set('127.0.0.2', statusOf([at(3), at(4), at(2)], { our_public_signing_key: keyOf(2) }))
    await peers.set('127.0.0.3', statusOf([at(2), at(5)], { our_public_signing_key: keyOf(3) }))
    await peers.set('127.0.0.4', statusOf([at(2), at(3)], { our_public_signing_key: null }))
    await peers.set('127.0.0.5', statusOf([at(2)], { our_public_signing_key: keyOf(5) }))
    peers.asked.length = 0
    const { found, visited, refused, failures } = await look([at(2), '127.0.0.2:35001'])
    expect([...found].map(([address, said]) => [address, said?.validator])).toEqual([
      ['127.0.0.2', keyOf(2)],
      ['127.0.0.3', keyOf(3)],
      ['127.0.0.4', null],
      ['127.0.0.5', keyOf(5)],
    ])
    expect(peers.asked).toEqual([2, 3, 4, 5].map((last) => `127.0.0.${last}/status`))
    expect([visited, refused, failures.size]).toEqual([4, 0, 0])
  })

  test('are followed as deep and as many as is allowed', async () => {
    expect([...(await look([at(2)], { depth: 1 })).found.keys()]).toEqual(['127.0.0.2'])
    expect([...(await look([at(2)], { depth: 2 })).found.keys()]).toHaveLength(3)
    expect([...(await look([at(2)], { most: 2 })).found.keys()]).toEqual(['127.0.0.2', '127.0.0.3'])
  })

  test('count when a node of ours tells of them, else when they answer', async () => {
    // Nobody listens at .90 and .91.
    await peers.set('127.0.0.6', statusOf([at(91)]))
    const { found, failures } = await look([at(90), at(6)])
    expect(found.get('127.0.0.90')).toBe(null)
    expect([...found.keys()]).toEqual(['127.0.0.90', '127.0.0.6'])
    expect(failures).toEqual(new Map([['network', 2]]))
  })

  test('of another network do not count, and lead nowhere', async () => {
    await peers.set('127.0.0.7', statusOf([at(8)], { chainspec_name: 'casper-test' }))
    const { found, visited, failures } = await look([at(7)])
    expect([found.size, visited, failures.get('other-network')]).toEqual([0, 1, 1])
  })

  test('that tell of private addresses send the crawler nowhere', async () => {
    peers.asked.length = 0
    const told = [at(2), '169.254.169.254:80', '[::ffff:127.0.0.2]:35000', 'localhost:35000']
    expect(await look(told, { allowPrivate: false })).toMatchObject({ visited: 0, refused: 4 })
    expect(peers.asked).toEqual([])
  })

  test('that redirect are not followed', async () => {
    peers.asked.length = 0
    for (const [last, location] of [
      [10, `http://127.0.0.2:${peers.port}/status`],
      [11, 'http://169.254.169.254/latest/meta-data/'],
    ] as const) {
      await peers.set(`127.0.0.${last}`, (_, response) => void response.writeHead(302, { location }).end())
    }
    expect(await failuresOf([at(10), at(11)])).toEqual({ http: 2 })
    expect(peers.asked).toEqual(['127.0.0.10/status', '127.0.0.11/status'])
  })

  test('whose body has no end are cut off', async () => {
    let sent = 0
    await peers.set('127.0.0.12', (_, response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const send = () => {
        while (!response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', send)
        }
      }
      send()
    })
    expect(await failuresOf([at(12)])).toEqual({ 'too-large': 1 })
    // What the connection's buffers took, no more.
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  test('that send a bomb of gzip are refused unopened', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    await peers.set('127.0.0.13', (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    expect(await failuresOf([at(13)])).toEqual({ encoded: 1 })
  })

  test('that stall, before or within the body, are left in time', async () => {
    await peers.set('127.0.0.14', () => {})
    await peers.set('127.0.0.15', (_, response) => {
      response.writeHead(200)
      response.write('{"api_version":')
    })
    await peers.set('127.0.0.16', (_, response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(drip))
    })
    expect(await failuresOf([at(14), at(15), at(16)], 300)).toEqual({ timeout: 3 })
  })

  test('that speak nonsense are told apart', async () => {
    await peers.set('127.0.0.17', (_, response) => void response.end('{"api_version":"2.0.0",'))
    await peers.set('127.0.0.18', (_, response) => void response.end('['.repeat(200_000)))
    await peers.set('127.0.0.19', statusOf([], { build_version: '2\u001b[31m' }))
    await peers.set('127.0.0.20', (_, response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'))
    await peers.set('127.0.0.21', (_, response) => void response.end('null'))
    await peers.set('127.0.0.22', (_, response) => {
      response.writeHead(200, { 'x-long': 'h'.repeat(16_000) }).end('{}')
    })
    const told = [17, 18, 19, 20, 21, 22].map((last) => at(last))
    expect(await failuresOf(told)).toEqual({ 'not-json': 2, shape: 2, network: 2 })
  })

  test('that tell of ten thousand others: a bound holds, and who was told first is visited', async () => {
    // All of them refuse at once.
    const many = Array.from({ length: 10_000 }, (_, i) => `127.9.${i >> 8}.${i & 255}:35000`)
    await peers.set('127.0.0.23', statusOf(many.slice(0, 2_000)))
    await peers.set('127.0.0.24', statusOf(many))
    const { found, visited, failures } = await look([at(24), at(23), at(3), at(24)], { most: 200 })
    expect([visited, failures.get('too-large'), failures.get('network')]).toEqual([200, 1, 197])
    expect([...found.keys()]).toEqual(['127.0.0.24', '127.0.0.23', '127.0.0.3'])
    const ours = await look([at(3), ...many], { most: 300 })
    expect([ours.visited, ours.found.size]).toEqual([300, 300])
    expect(ours.found.get('127.0.0.3')).toMatchObject({ validator: keyOf(3) })
  })

  test('are left when the time for all is over, and when the program stops', async () => {
    const { found, visited } = await look([at(3), at(14), at(15)], { atOnce: 1, totalMs: 300 })
    expect(visited).toBe(2)
    expect([...found.values()].map((said) => said?.validator)).toEqual([keyOf(3), undefined, undefined])
    const stop = new AbortController()
    const looking = look([at(14)], {}, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(looking).rejects.toThrow('stopped')
  })
})
