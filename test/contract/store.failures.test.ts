import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSqlGateway } from '../../crawler/sql-gateway/gateway.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { connectPlanetScale, type Fetch } from '../../src/store/planetscale.ts'
import { createStoreReader } from '../../src/store/reader.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { startOwnMariaDb, useMariaDb } from '../support/mariadb.ts'
import { buildChain } from './store-chain.ts'
import { toChange } from './store-changes.ts'
import { useReaders } from './store-suite.ts'

const NEVER_MIGRATED = await useMariaDb()
const readers = await useReaders(NEVER_MIGRATED)
const PASSWORD = 'a.long~enough_test-password'

test.for(readers)('$name: a missing table is a refused statement, with its number', async ({ reader }) => {
  const refused = { name: 'StoreQueryError', code: 'STORE_QUERY', errno: 1146, cause: expect.any(Error) }
  await expect(reader.readTip()).rejects.toMatchObject(refused)
  await expect(reader.readTransfers({ order: 'asc', limit: 1 })).rejects.toMatchObject(refused)
})

const impatient = { attempts: 2, firstPauseMs: 0, limitMs: 60_000, pause: async () => {} }

test('a writer on a store that was never migrated', async () => {
  const writer = createStoreWriter(NEVER_MIGRATED.writerUrl, { patience: impatient })
  await expect(writer.readResume()).rejects.toMatchObject({ code: 'STORE_QUERY', errno: 1146 })
  await expect(writer.commit(toChange(buildChain({ heights: 1, blocksPerEra: 1 })))).rejects.toMatchObject({
    code: 'STORE_QUERY',
  })
  await writer.close()
})

describe('a store that is away', async () => {
  const unavailable = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE', cause: expect.anything() }

  test('nobody listens', async () => {
    const direct = connectMysql('mysql://u:secret@127.0.0.1:1/x')
    const over = createStoreReader(connectPlanetScale({ url: 'http://u:p@127.0.0.1:1', timeoutMs: 2_000 }))
    await expect(createStoreReader(direct.db).readTip()).rejects.toMatchObject(unavailable)
    await expect(over.readTip()).rejects.toMatchObject(unavailable)
    await direct.close()
    const writer = createStoreWriter('mysql://u:secret@127.0.0.1:1/x', { patience: impatient })
    await expect(
      writer.writeHeartbeat({ at: 1, networkHeight: 1, networkTime: 1, grownAt: 1, trouble: null }),
    ).rejects.toMatchObject(unavailable)
    await writer.close()
  })

  test('a refused login', async () => {
    const url = new URL(NEVER_MIGRATED.readerUrl)
    url.password = 'wrong'
    const direct = connectMysql(url.href)
    await expect(createStoreReader(direct.db).readTip()).rejects.toMatchObject(unavailable)
    await direct.close()
    const writer = createStoreWriter(url.href, {
      // Nobody mends a login while we wait: one try.
      patience: { ...impatient, pause: () => Promise.reject(new Error('waited')) },
    })
    await expect(writer.readResume()).rejects.toMatchObject(unavailable)
    await writer.close()
  })

  test('a gateway that refuses, or whose store has stopped', async () => {
    const server = await startOwnMariaDb()
    const gateway = createSqlGateway({
      databaseUrl: Object.assign(new URL(server.adminUrl), { pathname: '/mysql' }).href,
      user: 'edge',
      password: PASSWORD,
    })
    await gateway.listen(0)
    const to = (password: string) =>
      createStoreReader(
        connectPlanetScale({ url: gateway.url.replace('//', `//edge:${password}@`), timeoutMs: 5_000 }),
      )
    await expect(to('wrong').readTip()).rejects.toMatchObject(unavailable)
    await expect(to(PASSWORD).readTip()).rejects.toMatchObject({ code: 'STORE_QUERY' })
    await server.stop()
    await expect(to(PASSWORD).readTip()).rejects.toMatchObject(unavailable)
    await gateway.close()
  })
})

describe('one deadline over headers and body', () => {
  /** Answers by path: never, only the headers, half a body, or a page that is not JSON. */
  let server: Server
  let url: string
  const reader = (mode: string, fetch?: Fetch) => {
    const to: Fetch = (input, init) => globalThis.fetch(input.replace(/\/psdb.*/, `/${mode}`), init)
    return createStoreReader(connectPlanetScale({ url, timeoutMs: 150, fetch: fetch ?? to }))
  }
  beforeAll(async () => {
    server = createServer((request, response) => {
      const mode = request.url?.slice(1)
      if (mode === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
      if (mode === 'bad-gateway') response.writeHead(502).end('<html>Bad gateway</html>')
      if (mode === 'headers') response.writeHead(200).flushHeaders()
      if (mode === 'half') response.writeHead(200).write('{"session":null,"resu')
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    url = `http://u:p@127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test.for(['silence', 'headers', 'half'])('%s', async (mode) => {
    await expect(reader(mode).readTip()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'The answer of the store took longer than 150 ms.',
    })
  })

  test('decided by the timer, even when a fetch does not heed its signal', async () => {
    const deaf: Fetch = () => new Promise(() => {})
    await expect(reader('', deaf).readTip()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  test.for(['page', 'bad-gateway'])('a %s instead of JSON is no answer', async (mode) => {
    await expect(reader(mode).readTip()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  test('what comes in time is not cut off', async () => {
    const empty: Fetch = async () => Response.json({ session: null, result: { fields: [], rows: [] } })
    expect(await reader('', empty).readTip()).toBeNull()
  })
})
