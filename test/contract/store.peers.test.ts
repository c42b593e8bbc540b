import { afterAll, describe, expect, test } from 'vitest'
import { NOWHERE, type SeenPeer } from '../../src/domain/peer.ts'
import { openAnnouncementQueue } from '../../src/store/announcements.ts'
import { createPeerWriter } from '../../src/store/peer-writer.ts'
import { keyOf } from '../support/peers.ts'
import { connectTo, readRows } from '../support/stored.ts'
import { useReaders, useStore } from './store-suite.ts'

const ALL = { limit: 1_000 }
const OSLO = { ...NOWHERE, country: 'NO', city: 'Oslo', latitude: 59.9139, longitude: 10.7522 }

const peer = (last: number, changed: Partial<SeenPeer> = {}): SeenPeer => ({
  address: `9.9.9.${last}`,
  said: { validator: keyOf(last), version: '2.0.3-abc', apiVersion: '2.0.0' },
  place: OSLO,
  ...changed,
})

async function usePeerStore() {
  const store = await useStore()
  const writer = createPeerWriter(store.writerUrl, { announces: true })
  const queue = openAnnouncementQueue(store.writerUrl)
  afterAll(async () => {
    await writer.close()
    await queue.close()
  })
  const readers = await useReaders(store)
  return {
    store,
    readers,
    reader: readers[0].reader,
    write: (at: number, peers: readonly SeenPeer[], keepSince = 0) =>
      writer.writeRound({ at, peers, keepSince }),
    readNetwork: () => writer.readNetwork(),
    /** What is to be announced, taken away. */
    async takeRaised() {
      const raised = await queue.read()
      await queue.clear(raised)
      return raised.map(({ group }) => group)
    },
  }
}

describe('peers', async () => {
  const { store, readers, reader, write, readNetwork, takeRaised } = await usePeerStore()

  test('before the first look around there are none, and before the first block no network', async () => {
    for (const { name, reader } of readers) expect(await reader.readPeers(ALL), name).toEqual([])
    expect(await readNetwork()).toBe(null)
  })

  test('come back from both drivers, without a trace of their addresses', async () => {
    const odd = {
      ...NOWHERE,
      country: 'DE',
      region: 'Baden-Württemberg',
      city: '💥'.repeat(120),
      postal: '10115',
      timezone: 'Europe/Berlin',
      latitude: -0.1 - 0.2,
      longitude: 179.9999,
      organisation: `O'Neill \\ Söhne`,
    }
    const ipv6 = { address: '2a01:4f8:c2c:123f:ffff:ffff:ffff:fffe', place: odd }
    expect(await write(100, [peer(1), peer(2, ipv6), peer(3, { said: null, place: NOWHERE })])).toBe(true)
    for (const { name, reader } of readers) {
      const found = await reader.readPeers(ALL)
      expect(found, name).toEqual([
        { validator: null, version: null, apiVersion: null, place: NOWHERE, seenAt: 100 },
        { validator: keyOf(1), version: '2.0.3-abc', apiVersion: '2.0.0', place: OSLO, seenAt: 100 },
        {
          validator: keyOf(2),
          version: '2.0.3-abc',
          apiVersion: '2.0.0',
          place: { ...odd, city: `${'💥'.repeat(99)}…` },
          seenAt: 100,
        },
      ])
      expect(JSON.stringify(found), name).not.toMatch(/9\.9\.9|2a01/)
    }
    expect(await takeRaised()).toEqual(['peers'])
  })

  test('a round that brings nothing but newer times tells nobody', async () => {
    const ipv6 = { address: '2a01:4f8:c2c:123f:ffff:ffff:ffff:fffe' }
    expect(await write(110, [peer(1)])).toBe(false)
    expect((await reader.readPeers(ALL)).map(({ seenAt }) => seenAt)).toEqual([100, 110, 100])
    expect(await takeRaised()).toEqual([])
    expect(await write(120, [peer(2, { ...ipv6, place: OSLO })])).toBe(true)
    expect(await takeRaised()).toEqual(['peers'])
  })

  test('one that is silent for once keeps what it last said', async () => {
    expect(await write(130, [peer(1, { said: null })])).toBe(false)
    expect((await reader.readPeers({ newest: true, limit: 10 }))[0]).toMatchObject({
      validator: keyOf(1),
      version: '2.0.3-abc',
      seenAt: 130,
    })
    // What it says anew replaces all of it, also with nothing.
    await write(140, [peer(1, { said: { validator: null, version: '2.0.4', apiVersion: '2.0.0' } })])
    expect((await reader.readPeers({ newest: true, limit: 10 }))[0]).toMatchObject({
      validator: null,
      version: '2.0.4',
    })
  })

  test('what is too old goes: first what a peer said, then the peer', async () => {
    await write(200, [peer(1, { said: null })], 150)
    expect(await reader.readPeers(ALL)).toMatchObject([{ version: null, seenAt: 200 }])
    await write(300, [peer(4)], 150)
    expect(await reader.readPeers(ALL)).toHaveLength(2)
  })

  test('a validator that moved has one place', async () => {
    await write(400, [peer(5, { said: peer(4).said, place: NOWHERE })])
    const found = await reader.readPeers(ALL)
    expect(found.filter(({ validator }) => validator === keyOf(4))).toMatchObject([{ place: NOWHERE }])
    // Its old machine is still there, and says so under another key.
    await write(410, [
      peer(4, { said: { ...peer(6).said!, version: '2.1.0' } }),
      peer(5, { said: peer(4).said }),
    ])
    expect(new Set((await reader.readPeers(ALL)).map(({ validator }) => validator))).toEqual(
      new Set([null, keyOf(4), keyOf(6)]),
    )
  })

  test('two rounds at once leave what both saw', async () => {
    const many = Array.from({ length: 40 }, (_, index) => peer(index + 10))
    await Promise.all([write(500, many), write(500, many.toReversed()), write(500, many.slice(7))])
    expect(await reader.readPeers({ newest: true, limit: 1_000 })).toHaveLength(40)
    expect(await reader.readPeers({ newest: true, limit: 7 })).toHaveLength(7)
  })

  test('validators are those of the newest era whose weights are known', async () => {
    const connection = await connectTo(store.writerUrl)
    const party = 'INSERT INTO parties (id, kind, address, public_key) VALUES (?, 0, ?, ?)'
    const set =
      'INSERT INTO era_validators (era_id, validator_id, weight, reward, delegators_reward, delegators_count) VALUES (?, ?, ?, 0, 0, 0)'
    for (const id of [11, 12, 13]) {
      await connection.query(party, [id, Buffer.alloc(32, id), Buffer.from(keyOf(id), 'hex')])
    }
    const rows: [number, number, number | null][] = [
      [7, 11, 5],
      [7, 12, 5],
      [8, 12, 6],
      [9, 13, null],
    ]
    for (const row of rows) await connection.query(set, row)
    for (const { name, reader } of readers) {
      const found = await reader.readPeers({ validators: true, limit: 10 })
      expect(
        found.map(({ validator }) => validator),
        name,
      ).toEqual([keyOf(12)])
    }
    const ids = await readRows<{ n: number }>(connection, 'SELECT COUNT(*) AS n FROM peers')
    expect(Number(ids[0]?.n)).toBeGreaterThan(40)
    await connection.end()
  })
})
