import { expect, test } from 'vitest'
import { createLog } from '../../../../crawler/log.ts'
import type { NodePool } from '../../../../crawler/node/pool/contract.ts'
import { NoNodeError } from '../../../../crawler/node/pool/contract.ts'
import { runPeers } from '../../../../crawler/peers/task.ts'
import { NOWHERE } from '../../../../src/domain/peer.ts'

const MINUTE = 60_000

/** A crawler whose nodes are away, and a held clock. */
function createParts(until: number) {
  const stop = new AbortController()
  const lines: string[] = []
  const state = { now: 0, isStoreDown: false, looks: 0, writes: 0 }
  const pool: Pick<NodePool, 'use' | 'setNetwork'> = {
    use: () => Promise.reject(new NoNodeError(1_000, [], null)),
    setNetwork: () => {},
  }
  const ports = {
    pool,
    store: {
      async readNetwork() {
        state.looks++
        if (state.isStoreDown) throw new Error('the store is down')
        return null
      },
      async writeRound() {
        state.writes++
        return true
      },
    },
    openLocations: async () => () => NOWHERE,
    announce: () => {},
    clock: { now: () => state.now },
    log: createLog((line) => lines.push(line)),
    onRound: () => {},
    async sleep(ms: number) {
      state.now += ms
      if (state.now >= until) stop.abort()
    },
  }
  return { ports, state, lines, signal: stop.signal }
}

const OPTIONS = { statusPort: 8888, allowPrivate: false, keepMs: 7 * 86_400_000, everyMs: 10 * MINUTE }

test('nodes that are away and a store that is down never end the task; it tries again in a minute', async () => {
  const away = createParts(5 * MINUTE)
  await runPeers(OPTIONS, away.ports, away.signal)
  expect([away.state.looks, away.state.writes]).toEqual([5, 0])
  expect(away.lines.join('')).toContain('No node can answer')
  const down = createParts(5 * MINUTE)
  down.state.isStoreDown = true
  await runPeers(OPTIONS, down.ports, down.signal)
  expect(down.state.looks).toBe(5)
  expect(down.lines.join('')).toContain('the store is down')
})

test('nothing runs when it is off', async () => {
  const { ports, state, signal } = createParts(MINUTE)
  await runPeers({ ...OPTIONS, everyMs: 0 }, ports, signal)
  expect(state.looks).toBe(0)
})
