import { expect, test } from 'vitest'
import { createChain, WrongChainError } from '../../../src/cache/chain.ts'
import { createCache } from '../../../src/cache/tiers.ts'
import type { StoreReader, Tip } from '../../../src/ports.ts'
import { MemoryTier, TestBackground, TestClock, toKey } from './helpers.ts'

const MAIN = { name: 'casper', genesisHash: `fe29${'0'.repeat(60)}` }
const TEST = { name: 'casper-test', genesisHash: `ab12${'1'.repeat(60)}` }

function setUp(expected: { network?: string; genesis?: string } = {}) {
  const clock = new TestClock()
  const state = { network: MAIN as typeof MAIN | null, error: null as unknown, tips: 0, questions: 0 }
  const store = {
    readTip: async (): Promise<Tip | null> => {
      state.tips++
      if (state.error) throw state.error
      if (state.network === null) return null
      return {
        network: { ...state.network, firstHeight: 0 },
        checkpoint: { height: 1, hash: 'ab', eraId: 0, time: 0 },
        cuts: [],
        heartbeat: { at: 0, networkHeight: 1, networkTime: 0, grownAt: 0, trouble: null },
      }
    },
    readBlocks: async () => {
      state.questions++
      return []
    },
  } as unknown as StoreReader
  return { clock, state, chain: createChain(store, expected, clock) }
}

test('the first store that is seen names the chain', async () => {
  const { chain } = setUp()
  expect(await chain.namespace()).toBe('casper-fe290000')
  expect(chain.namespace()).toBe('casper-fe290000')
})

test('a configured chain is known without the store', () => {
  const { chain, state } = setUp({ network: 'casper', genesis: 'FE290000' })
  expect(chain.namespace()).toBe('casper-fe290000')
  expect(state.tips).toBe(0)
})

test('another name or another genesis than configured is refused', async () => {
  const named = setUp({ network: 'casper-test' })
  await expect(named.chain.store.readTip()).rejects.toThrow(WrongChainError)
  const born = setUp({ network: 'casper', genesis: 'fe290001' })
  await expect(born.chain.store.readTip()).rejects.toThrow(/casper-fe290000.*casper-fe290001/)
})

test('a store that is exchanged for another chain later is noticed at the next question', async () => {
  const { chain, state, clock } = setUp()
  await chain.store.readBlocks(0, 1)
  state.network = TEST
  clock.pass(2)
  await expect(chain.store.readBlocks(0, 1)).rejects.toThrow(WrongChainError)
  expect(chain.namespace()).toBe('casper-fe290000')
})

test('one look at the tip vouches for the questions of a second', async () => {
  const { chain, state, clock } = setUp()
  for (let i = 0; i < 10; i++) await chain.store.readBlocks(0, 1)
  expect(state).toMatchObject({ tips: 1, questions: 10 })
  clock.pass(2)
  await chain.store.readBlocks(0, 1)
  expect(state.tips).toBe(2)
})

test('an empty store is of no chain, and one that fails is not asked for it over and over', async () => {
  const { chain, state, clock } = setUp()
  state.network = null
  expect(await chain.namespace()).toBe('empty')
  state.network = MAIN
  state.error = new Error('down')
  await expect(chain.namespace()).rejects.toThrow('down')
  await expect(chain.namespace()).rejects.toThrow('down')
  expect(state.tips).toBe(2)
  clock.pass(2)
  state.error = null
  expect(await chain.namespace()).toBe('casper-fe290000')
})

test('a tier that holds another chain, or another genesis of the same name, is never read by mistake', async () => {
  const tier = new MemoryTier('edge')
  const clock = new TestClock()
  const background = new TestBackground()
  const answers: string[] = []
  for (const genesis of ['fe290000', 'ab120000', 'fe290000']) {
    const { chain } = setUp({ network: 'casper', genesis })
    const { namespace } = chain
    const cache = createCache({ namespace, memoryBytes: 1e6 }, { tiers: [tier], clock, background })
    const found = await cache.read(toKey('blocks/1', 'IMMUTABLE'), async () => `block of ${genesis}`)
    answers.push(`${found.value} from ${found.tier}`)
    await background.settle()
  }
  expect(answers).toEqual([
    'block of fe290000 from store',
    'block of ab120000 from store',
    'block of fe290000 from edge',
  ])
})
