import { expect, test } from 'vitest'
import { encodeEntry } from '../../../src/cache/entry.ts'
import { LOADTEST_HEADER } from '../../../src/middleware/rate-limit.ts'
import { fuzz, mutateBytes, pick, type Random } from '../../support/fuzz.ts'
import { makeChain } from '../../support/made-chain.ts'
import type { MemoryTier } from '../cache/helpers.ts'
import { startApp } from '../middleware/app-helpers.ts'

/* Whatever a tier holds in the place of an entry, of any kind: the answer is the right one, and the entry whole again. */

const LOADTEST_TOKEN = 'a-token-of-load-tests'
const unlimited = { headers: { [LOADTEST_HEADER]: LOADTEST_TOKEN } }
/** Long enough for closed pages of blocks and of transfers, and for segments of both. */
const chain = makeChain({ eras: Array(18).fill(72), transfersPerBlock: 1 })
const questions = [
  '/block?blockHeight=7',
  '/block?blockHeight=1100',
  '/block',
  `/v1/blocks/${chain.blocks[9]?.hash}`,
  '/v1/blocks/3/transactions',
  '/v1/blocks/3/transfers',
  '/v1/blocks?fromBlock=1000&limit=50',
  '/block?filter={"where":{"eraId":2},"limit":3}',
  '/era?id=3',
  '/era?filter={"where":{"id":3}}',
  '/v1/eras?limit=20',
  '/era/circulating',
  '/transfersByEraId?eraId=1',
  '/transfersByEraId?eraId=16',
  '/v1/eras/1/transfers',
  '/v1/transfers?minAmount=1',
  '/v1/price',
  '/v1/prices',
]

async function setUp() {
  const app = startApp({ LOADTEST_TOKEN }, chain)
  const told = new Map<string, string>()
  for (const question of questions) {
    const response = await app.get(question, unlimited)
    expect(response.status, question).toBeLessThan(500)
    told.set(question, `${response.status} ${await response.text()}`)
  }
  await app.background.settle()
  return { ...app, told, keys: [...app.edge.entries.keys()] }
}

/** Something else in an entry's place: its own bytes mutated, another's, noise, or a value of none. */
function damage(tier: MemoryTier, key: string, keys: readonly string[], random: Random): void {
  const entry = tier.entries.get(key)
  const other = tier.entries.get(pick(keys, random))
  if (entry === undefined || other === undefined) return
  const whole = encodeEntry(entry)
  const noise = Uint8Array.from({ length: random(300) }, () => random(256))
  const bytes = [
    () => mutateBytes(whole, random),
    () => mutateBytes(whole, random),
    () => encodeEntry(other),
    () => noise,
    () => encodeEntry({ ...entry, bytes: noise }),
    () => encodeEntry({ ...entry, storedAt: entry.storedAt - 1, bytes: entry.bytes }),
  ][random(6)]?.()
  if (bytes) tier.damage.set(key, bytes)
}

test('the questions make entries of every kind', async () => {
  const { keys } = await setUp()
  const kinds = new Set(keys.map((key) => key.split('/')[2]))
  for (const kind of ['head', 'blocks', 'block-segments', 'transfers', 'era-transfers', 'era-segments']) {
    expect(kinds).toContain(kind)
  }
  for (const kind of [
    'heights',
    'find-blocks',
    'find-eras',
    'list-transfers',
    'block-transactions',
    'price',
  ]) {
    expect(kinds).toContain(kind)
  }
})

test('damaged entries never give another answer, let alone a failure', async () => {
  const { edge, kv, keys, told, again, background } = await setUp()
  await fuzz(30, async (random) => {
    for (const key of keys) {
      if (random(2)) damage(edge, key, keys, random)
      if (random(2)) damage(kv, key, keys, random)
    }
    const isolate = again()
    for (const question of questions) {
      const response = await isolate(question, unlimited)
      expect(`${response.status} ${await response.text()}`, question).toBe(told.get(question))
    }
    await background.settle()
  })
})

test('a damaged entry is told once, asked of the next place, and written anew', async () => {
  const { edge, kv, keys, again, background, lines } = await setUp()
  const pages = keys.filter((one) => /\/(blocks|transfers)\/0$/.test(one))
  const whole = pages.map((page) => edge.entries.get(page))
  const askBoth = async (tier: string) => {
    const isolate = again()
    for (const question of ['/transfersByEraId?eraId=1', '/block?blockHeight=7']) {
      const response = await isolate(question, unlimited)
      expect(response.headers.get('cache-status'), question).toContain(`detail=${tier}`)
    }
    await background.settle()
    expect(edge.damage.size + kv.damage.size).toBe(0)
    expect(pages.map((page) => edge.entries.get(page))).toEqual(whole)
    const said = lines.splice(0).map((line) => JSON.parse(line) as { event: string; reason: string })
    for (const { reason } of said) expect(reason).toMatch(/^DamagedError: /)
    return said.map(({ event }) => event)
  }

  for (const page of pages) edge.damage.set(page, new Uint8Array(100))
  expect(await askBoth('kv')).toEqual(['cache tier edge: decode'])
  for (const page of pages) for (const tier of [edge, kv]) tier.damage.set(page, new Uint8Array(100))
  expect(await askBoth('store')).toEqual(['cache tier edge: decode', 'cache tier kv: decode'])
})
