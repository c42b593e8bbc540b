import { addCounts, type Block, type Counts, NO_COUNTS } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import { type Party, SYSTEM_ACCOUNT, SYSTEM_KEY, toAccountHash } from '../../src/domain/keys.ts'
import { sumMotes } from '../../src/domain/motes.ts'
import { type EraValidator, NO_WORK, type Reward } from '../../src/domain/reward.ts'
import type { StakeMovement, Transaction } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import {
  buildBlock,
  buildEra,
  buildMovement,
  buildTransaction,
  buildTransfer,
  createRandom,
  key,
  keyOf,
  purseOf,
  timeOf,
} from '../support/builders.ts'

/** What one height adds, with its era as it stands after it: as the crawler projects it. */
export interface Height {
  readonly block: Block
  readonly era: Era
  readonly transactions: readonly Transaction[]
  readonly transfers: readonly Transfer[]
  readonly stakeMovements: readonly StakeMovement[]
  readonly eraValidators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
}

export interface ChainOptions {
  readonly heights: number
  readonly blocksPerEra: number
  readonly seed?: number
  /** Most transactions of a block. */
  readonly transactions?: number
  readonly people?: number
}

/**
 * A made-up chain with everything that the store must tell apart: keys shown late, purses without accounts, equal amounts,
 * transfers to oneself, the auction's own, failures with odd texts, validators that come and go.
 */
export function buildChain({
  heights,
  blocksPerEra,
  seed = 1,
  transactions = 6,
  people = 12,
}: ChainOptions): Height[] {
  const random = createRandom(seed)
  const chain: Height[] = []
  for (let height = 0; height < heights; height++) {
    const before = chain.at(-1)
    const eraId = height === 0 ? 0 : Math.floor((height - 1) / blocksPerEra) + 1
    const isSwitch = height % blocksPerEra === 0
    const rows = buildRows(height, eraId, height === 0 ? 0 : random(transactions + 1), people, random)
    const counts = rows.transactions.reduce((sum, one) => addCounts(sum, toCounts(one)), NO_COUNTS)
    const visible = rows.transfers.filter(({ auction }) => !auction)
    const weight = (index: number) => BigInt(1_000_000 * (index + 1) + eraId) * 1_234_567_891n
    const set = [0, 1, 2, 3 + (eraId % 3)]
    const rewards = isSwitch && height > 0 ? buildRewards(eraId, set, people, random) : []
    const delegatorsRewards = sumMotes(rewards.map(({ amount }) => amount))
    const own = (index: number) => BigInt(eraId * 1_000 + index) * 777_777_777n
    const validatorsRewards = isSwitch && height > 0 ? sumMotes(set.map(own)) : 0n
    const supply =
      (before?.block.totalSupply ?? 10_000_000_000_000_000_000n) + validatorsRewards + delegatorsRewards
    const block = buildBlock(height, {
      eraId,
      isSwitch,
      proposer: height === 0 ? SYSTEM_KEY : keyOf(`validator ${random(4)}`),
      counts,
      lanes: counts.transfers > 0 ? `0:${counts.transfers}` : '',
      transfersCount: visible.length,
      transfersVolume: sumMotes(visible.map(({ amount }) => amount)),
      staked: BigInt(rows.stakeMovements.length) * 1_500_000_000n,
      undelegated: BigInt(height % 3) * 999_999_999n,
      fees: BigInt(rows.transactions.length) * 100_000_000n,
      totalSupply: supply,
    })
    const opened =
      before?.era.id === eraId
        ? before.era
        : buildEra(eraId, {
            startHeight: height,
            start: timeOf(height),
            validatorsCount: 4,
            validatorsWeight: sumMotes(set.map(weight)),
          })
    const era = addBlock(opened, block)
    chain.push({
      ...rows,
      block,
      rewards,
      eraValidators: isSwitch
        ? [
            ...set.map((index) => ({
              ...named(eraId, index, weight(index)),
              proposed: height,
              cited: eraId % 2 === 0 ? height : null,
              equivocated: index === 1,
              inactive: index === 2,
              reward: height === 0 ? 0n : own(index),
              delegatorsReward: sumMotes(
                rewards
                  .filter(({ validator }) => validator === keyOf(`validator ${index}`))
                  .map(({ amount }) => amount),
              ),
              delegatorsCount: rewards.filter(({ validator }) => validator === keyOf(`validator ${index}`))
                .length,
            })),
            ...[0, 1, 2, 3 + ((eraId + 1) % 3)].map((index) =>
              named(eraId + 1, index, BigInt(1_000_000 * (index + 1) + eraId + 1) * 1_234_567_891n),
            ),
          ]
        : // Counted with every block: of a batch the last row stands.
          set.map((index) => ({ ...named(eraId, index, weight(index)), proposed: height, cited: height })),
      era: isSwitch
        ? {
            ...era,
            endHeight: height,
            end: timeOf(height),
            minted: validatorsRewards + delegatorsRewards,
            nextValidatorsWeight: 98_765_432_109_876_543n + BigInt(eraId),
            validatorsRewards,
            delegatorsRewards,
            rewardedValidators: height === 0 ? 0 : set.length,
            rewardedDelegators: rewards.length,
            circulating:
              eraId % 4 === 3
                ? null
                : {
                    method: 'no-lockups/1',
                    total: supply - 5n,
                    validators: 1_000_000_001n,
                    transfers: 2n,
                    rewards: 3_999_999_999n,
                  },
          }
        : era,
    })
  }
  return chain
}

function named(eraId: number, index: number, weight: bigint): EraValidator {
  const pay = { reward: 0n, delegatorsReward: 0n, delegatorsCount: 0 }
  return { eraId, validator: keyOf(`validator ${index}`), weight, ...pay, ...NO_WORK }
}

function toCounts({ kind, success }: Transaction): Counts {
  const failed = success ? 0 : 1
  if (kind === 'transfer') return { ...NO_COUNTS, transfers: 1, failed }
  return kind === 'delegate' ? { ...NO_COUNTS, staking: 1, failed } : { ...NO_COUNTS, wasm: 1, failed }
}

function addBlock(era: Era, block: Block): Era {
  return {
    ...era,
    blocksCount: era.blocksCount + 1,
    counts: addCounts(era.counts, block.counts),
    transfersCount: era.transfersCount + block.transfersCount,
    transfersVolume: era.transfersVolume + block.transfersVolume,
    staked: era.staked + block.staked,
    undelegated: era.undelegated + block.undelegated,
    fees: era.fees + block.fees,
    totalSupply: block.totalSupply,
  }
}

type Random = (below: number) => number

function buildRows(height: number, eraId: number, count: number, people: number, random: Random) {
  const transactions: Transaction[] = []
  const transfers: Transfer[] = []
  const stakeMovements: StakeMovement[] = []
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const sender = random(people)
    const kind = (['transfer', 'transfer', 'transfer', 'delegate', 'call'] as const)[random(5)] ?? 'call'
    const success = random(7) > 0
    const transaction = buildTransaction(height, ordinal, {
      eraId,
      kind,
      success,
      sender: key(sender),
      error: success ? null : `💥 it's "broken"; DROP TABLE blocks; \\ \0 ${height}`,
      entryPoint: kind === 'call' ? 'do_it' : null,
    })
    transactions.push(transaction)
    if (kind === 'delegate') {
      const validator = key(`validator ${random(6)}`)
      stakeMovements.push(
        buildMovement(height, ordinal, { eraId, success, validator, delegator: key(sender) }),
      )
    }
    if (!success) continue
    for (let n = kind === 'call' ? random(3) : 1; n > 0; n--) {
      const from = toAccountHash(keyOf(sender))
      const to = random(10) === 0 ? sender : random(people)
      const isAuction = kind === 'delegate'
      const isPurse = !isAuction && random(6) === 0
      transfers.push(
        buildTransfer(height, transfers.length, {
          eraId,
          transactionHash: transaction.hash,
          from,
          fromKey: keyOf(sender),
          to: isAuction ? SYSTEM_ACCOUNT : isPurse ? null : toAccountHash(keyOf(to)),
          toKey: isAuction || isPurse || random(3) > 0 ? null : keyOf(to),
          source: purseOf(sender),
          target: isAuction ? purseOf('auction') : purseOf(isPurse ? `bare ${random(3)}` : to),
          // Few different amounts, so that there are ties, and a large one now and then.
          amount: random(20) === 0 ? 10n ** 16n + BigInt(random(5)) : BigInt(1 + random(6)) * 2_500_000_000n,
          id: random(4) === 0 ? null : BigInt(random(1_000)),
          auction: isAuction,
        }),
      )
    }
  }
  return { transactions, transfers, stakeMovements }
}

function buildRewards(eraId: number, set: readonly number[], people: number, random: Random): Reward[] {
  return set.flatMap((validator) =>
    Array.from({ length: people }, (_, index): Reward[] => {
      if (random(2) === 0) return []
      const delegator: Party =
        index === 0 ? { kind: 'purse', purse: purseOf('delegating') } : key(index + people / 2)
      return [
        {
          eraId,
          validator: keyOf(`validator ${validator}`),
          delegator,
          amount: BigInt(random(1_000_000_000)),
        },
      ]
    }).flat(),
  )
}
