import mysql from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/store/change.ts'
import { createPool } from '../../src/store/mysql.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { hashOf } from '../support/builders.ts'
import { startOwnMariaDb } from '../support/mariadb.ts'
import { connectTo } from '../support/stored.ts'
import { buildChain } from './store-chain.ts'
import { toChange, toChanges } from './store-changes.ts'
import { dumpOf, useStore } from './store-suite.ts'

const chain = buildChain({ heights: 61, blocksPerEra: 10, people: 14 })

describe('trouble in the middle of a commit', async () => {
  const store = await useStore()
  const alone = await useStore()
  const impatient = { attempts: 1, firstPauseMs: 0, limitMs: 60_000, pause: async () => {} }

  /** A pool whose connections break, or are broken, before the n-th statement that matches. */
  function sabotage(pattern: RegExp, act: (connection: mysql.PoolConnection) => Promise<void>, times = 1) {
    const pool = createPool(store.writerUrl, { connections: 2 })
    const get = pool.getConnection.bind(pool)
    let left = times
    pool.getConnection = async () => {
      const connection = await get()
      const query = connection.query.bind(connection)
      connection.query = (async (...args: Parameters<typeof query>) => {
        if (left > 0 && typeof args[0] === 'string' && pattern.test(args[0])) {
          left--
          await act(connection)
        }
        return query(...args)
      }) as typeof query
      return connection
    }
    return pool
  }

  const kill = async (connection: mysql.PoolConnection) => {
    const admin = await mysql.createConnection(store.adminUrl)
    await admin.query(`KILL ${connection.threadId}`)
    await admin.end()
  }

  test.for([
    'INSERT INTO `parties`',
    'INSERT INTO `blocks`',
    'INSERT INTO `transfers`',
    'INSERT INTO `rewards`',
    'INSERT INTO `checkpoint`',
    'COMMIT',
  ])('a connection killed before %s leaves nothing', async (statement) => {
    const before = await dumpOf(store.readerUrl)
    const broken = createStoreWriter(sabotage(new RegExp(`^${statement}`), kill), { patience: impatient })
    await expect(broken.commit(toChange(chain))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await broken.close()
    expect(await dumpOf(store.readerUrl)).toBe(before)
  })

  test('it is waited out: the whole transaction is done again', async () => {
    const pauses: number[] = []
    const pause = async (ms: number) => void pauses.push(ms)
    const pool = sabotage(/^INSERT INTO `transfers`|^COMMIT/, kill, 3)
    const patient = createStoreWriter(pool, {
      patience: { attempts: 7, firstPauseMs: 100, limitMs: 60_000, pause },
    })
    await patient.commit(toChange(chain.slice(0, 30)))
    await patient.close()
    expect(pauses).toEqual([100, 200, 400])
    expect((await store.writer.readResume())?.checkpoint.height).toBe(29)
  })

  test('a COMMIT whose answer is lost is not done twice', async () => {
    const lose = async (connection: mysql.PoolConnection) => {
      await connection.query('/* the answer gets lost */ COMMIT')
      await kill(connection)
    }
    const pool = sabotage(/^COMMIT/, lose)
    const patient = createStoreWriter(pool, {
      patience: { attempts: 3, firstPauseMs: 0, limitMs: 60_000, pause: async () => {} },
    })
    await patient.commit(toChange(chain.slice(30, 40)))
    expect((await patient.readResume())?.checkpoint.height).toBe(39)
    await patient.commit(toChange(chain.slice(40, 50)))
    await patient.close()
  })

  test('a store that is silent is not waited for for ever', async () => {
    const holder = await connectTo(store.writerUrl)
    await holder.query('START TRANSACTION')
    await holder.query('SELECT * FROM checkpoint FOR UPDATE')
    let pauses = 0
    const pause = async () => {
      // The lock is given up before the third try.
      if (++pauses === 2) await holder.query('ROLLBACK')
    }
    const change = toChange(chain.slice(50, 55))
    const once = createStoreWriter(store.writerUrl, { patience: { ...impatient, limitMs: 200 } })
    await expect(once.commit(change)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const patient = createStoreWriter(store.writerUrl, {
      patience: { attempts: 9, firstPauseMs: 0, limitMs: 500, pause },
    })
    await patient.commit(change)
    expect(pauses).toBeGreaterThanOrEqual(2)
    expect((await patient.readResume())?.checkpoint.height).toBe(54)
    await Promise.all([once.close(), patient.close(), holder.end()])
  })

  test('ids that an undone transaction gave are not remembered', async () => {
    await alone.writer.commit(toChange(chain.slice(0, 55)))
    expect(await dumpOf(store.readerUrl)).toBe(await dumpOf(alone.readerUrl))
  })
})

test('a store that falls silent before a rollback does not keep us: the connection is given up, and others work', async () => {
  const server = await startOwnMariaDb()
  const { writerUrl } = await server.createDatabase('silent')
  const pool = createPool(writerUrl, { connections: 1 })
  const patience = { attempts: 1, firstPauseMs: 0, limitMs: 500, pause: async () => {} }
  const fail = async (connection: mysql.PoolConnection) => {
    await connection.query('SELECT 1')
    process.kill(server.pid, 'SIGSTOP')
    throw new RangeError('ours')
  }
  try {
    await expect(inTransaction(pool, fail, patience)).rejects.toThrow('ours')
  } finally {
    process.kill(server.pid, 'SIGCONT')
  }
  const read = (connection: mysql.PoolConnection) => connection.query('SELECT 2 AS two')
  expect((await inTransaction(pool, read, patience))[0]).toEqual([{ two: 2 }])
  await pool.end()
})

describe('two writers at once', async () => {
  const store = await useStore()
  const alone = await useStore()

  test('with the same blocks: both end well, and the tables are those of one', async () => {
    const others = [createStoreWriter(store.writerUrl), createStoreWriter(store.writerUrl)]
    for (const change of toChanges(chain.slice(0, 40), 5)) {
      await Promise.all(others.map((writer) => writer.commit(change)))
    }
    await Promise.all(others.map((writer) => writer.close()))
    await alone.writer.commit(toChange(chain.slice(0, 40)))
    expect(await dumpOf(store.readerUrl)).toBe(await dumpOf(alone.readerUrl))
  })

  test('with different blocks: one wins, the other is told of the conflict', async () => {
    const [one, other] = [createStoreWriter(store.writerUrl), createStoreWriter(store.writerUrl)]
    const change = toChange(chain.slice(40, 50))
    const hash = hashOf('fork')
    const fork: Change = {
      ...change,
      blocks: change.blocks.map((block) => (block.height === 49 ? { ...block, hash } : block)),
      checkpoint: { ...change.checkpoint, hash },
    }
    const results = await Promise.allSettled([one.commit(change), other.commit(fork)])
    await Promise.all([one.close(), other.close()])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CONFLICT' },
    })
  })
})
