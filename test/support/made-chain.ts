import type { Block, Counts } from '../../src/domain/block.ts'
import { addCounts, NO_COUNTS } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import type { Network } from '../../src/domain/network.ts'
import type { Transaction } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import {
  blockHash,
  buildBlock,
  buildEra,
  buildTransaction,
  buildTransfer,
  createRandom,
  hashOf,
  keyOf,
  purseOf,
  timeOf,
} from './builders.ts'

/** A chain as domain objects, complete and consistent: what a store would hold of it. */
export interface MadeChain {
  readonly network: Network
  readonly blocks: readonly Block[]
  readonly eras: readonly Era[]
  readonly transfers: readonly Transfer[]
  readonly transactions: readonly Transaction[]
}

export interface MadeChainOptions {
  /** Blocks of each era, in order. The last one is open unless `isClosed`. */
  readonly eras: readonly number[]
  readonly isClosed?: boolean
  readonly firstHeight?: number
  readonly firstEra?: number
  /** Transfers of each block; 0 to 2 by default. */
  readonly transfersPerBlock?: number
  /** Whether the network has a method for its circulating supply. */
  readonly hasCirculating?: boolean
}

const ACCOUNTS = 12
const GENESIS_SUPPLY = 10_000_000_000n * 1_000_000_000n

/** An era of one block is an immediate switch block: it has its predecessor's time. */
export function makeChain(options: MadeChainOptions): MadeChain {
  const { isClosed = false, firstHeight = 0, firstEra = 0, hasCirculating = true } = options
  const random = createRandom(7)
  const blocks: Block[] = []
  const eras: Era[] = []
  const transfers: Transfer[] = []
  const transactions: Transaction[] = []
  let totalSupply = GENESIS_SUPPLY
  let height = firstHeight

  options.eras.forEach((length, index) => {
    const id = firstEra + index
    const isOpen = index === options.eras.length - 1 && !isClosed
    const start = blocks.length
    for (let place = 0; place < length; place++, height++) {
      const made = options.transfersPerBlock ?? random(3)
      const ofBlock = Array.from({ length: made }, (_, ordinal) => makeTransfer(random, height, ordinal, id))
      transfers.push(...ofBlock)
      transactions.push(...ofBlock.map((_, ordinal) => buildTransaction(height, ordinal, { eraId: id })))
      const counts: Counts = { ...NO_COUNTS, transfers: made, wasm: random(2), failed: 0 }
      const isSwitch = place === length - 1 && !isOpen
      if (isSwitch) totalSupply += 123_456_789_012_345n
      const isImmediate = length === 1 && blocks.length > 0
      blocks.push(
        buildBlock(height, {
          eraId: id,
          time: isImmediate ? (blocks.at(-1) as Block).time : timeOf(height),
          parentHash: height === 0 ? '0'.repeat(64) : blockHash(height - 1),
          proposer: isImmediate ? '00' : keyOf(`proposer ${random(20)}`),
          lanes: random(2) ? `0:${made},5:1` : '',
          counts,
          isSwitch,
          transfersCount: made,
          transfersVolume: ofBlock.reduce((sum, { amount }) => sum + amount, 0n),
          staked: BigInt(random(5)) * 700_000_000_001n,
          undelegated: BigInt(random(5)) * 300_000_000_001n,
          fees: BigInt(random(1_000)) * 100_000_001n,
          totalSupply,
        }),
      )
    }
    eras.push(toEra(id, blocks.slice(start), isOpen, hasCirculating))
  })
  const network = { name: 'casper-made', genesisHash: (blocks[0] as Block).hash, firstHeight }
  return { network, blocks, eras, transfers, transactions }
}

function makeTransfer(
  random: (below: number) => number,
  height: number,
  ordinal: number,
  eraId: number,
): Transfer {
  const [from, to] = [random(ACCOUNTS), random(ACCOUNTS)]
  return buildTransfer(height, ordinal, {
    eraId,
    from: hashOf(`account ${from}`),
    fromKey: from % 2 ? keyOf(`account ${from}`) : null,
    to: to === 0 ? null : hashOf(`account ${to}`),
    source: purseOf(from),
    target: purseOf(to),
    // Above 2^53 motes, where a float would lose the last digits.
    amount: 9_007_199_254_740_993n * BigInt(1 + random(9)) + BigInt(random(1_000_000)),
    id: random(2) ? BigInt(random(1_000)) : null,
  })
}

function toEra(id: number, blocks: readonly Block[], isOpen: boolean, hasCirculating: boolean): Era {
  const first = blocks[0] as Block
  const last = blocks.at(-1) as Block
  const sum = (of: (block: Block) => bigint) => blocks.reduce((total, block) => total + of(block), 0n)
  const rewards = isOpen || blocks.length === 1 ? 0n : 123_456_789_012_345n
  const total = last.totalSupply ?? 0n
  return buildEra(id, {
    startHeight: first.height,
    endHeight: isOpen ? null : last.height,
    start: first.time,
    end: isOpen ? null : last.time,
    blocksCount: blocks.length,
    counts: blocks.reduce((counts, block) => addCounts(counts, block.counts), NO_COUNTS),
    transfersCount: blocks.reduce((count, block) => count + block.transfersCount, 0),
    transfersVolume: sum((block) => block.transfersVolume),
    staked: sum((block) => block.staked),
    undelegated: sum((block) => block.undelegated),
    fees: sum((block) => block.fees),
    minted: rewards,
    validatorsCount: 5,
    validatorsWeight: 6_000_000_000_000_000_123n + BigInt(id),
    nextValidatorsWeight: isOpen ? null : 6_000_000_000_000_000_124n + BigInt(id),
    validatorsRewards: rewards / 3n,
    delegatorsRewards: rewards - rewards / 3n,
    rewardedValidators: rewards ? 5 : 0,
    rewardedDelegators: rewards ? 77 : 0,
    totalSupply: total,
    circulating:
      isOpen || !hasCirculating
        ? null
        : { method: 'made', total: total - 1_999_999_999n, validators: 1n, transfers: 2n, rewards: 3n },
  })
}
