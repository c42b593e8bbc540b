import { addCounts, type Block, NO_COUNTS } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import { type Motes, sumMotes } from '../../src/domain/motes.ts'
import { type EraValidator, NO_WORK, type Reward } from '../../src/domain/reward.ts'
import { toDeclaredAdjustment } from '../../src/domain/supply/adjustments.ts'
import { toCirculating } from '../../src/domain/supply/circulating.ts'
import { type RewardsHandling, toSustained } from '../../src/domain/supply/sustain.ts'
import type { ChainBlock, Weight } from '../decode/block.ts'
import type { Allocation, EraSummary } from '../decode/era-summary.ts'

/** An era before its first block is counted. `weights`: the set that the switch block before named, if we hold it. */
export function openEra(block: Block, weights: readonly Weight[] | null): Era {
  return {
    id: block.eraId,
    startHeight: block.height,
    endHeight: null,
    start: block.time,
    end: null,
    protocolVersion: block.protocolVersion,
    blocksCount: 0,
    counts: NO_COUNTS,
    transfersCount: 0,
    transfersVolume: 0n,
    staked: 0n,
    undelegated: 0n,
    fees: 0n,
    burned: 0n,
    minted: 0n,
    sustained: 0n,
    validatorsCount: weights && weights.length,
    validatorsWeight: weights && sumMotes(weights.map(({ weight }) => weight)),
    nextValidatorsWeight: null,
    validatorsRewards: 0n,
    delegatorsRewards: 0n,
    rewardedValidators: 0,
    rewardedDelegators: 0,
    totalSupply: null,
    supplyAdjustment: 0n,
    declaredAdjustment: 0n,
    feesBurned: block.generation === 2,
    circulating: null,
  }
}

/** The era with one more block. */
export function addBlock(era: Era, block: Block, supplyBefore: Motes | null): Era {
  const gone = supplyBefore !== null && block.totalSupply !== null ? supplyBefore - block.totalSupply : null
  return {
    ...era,
    blocksCount: era.blocksCount + 1,
    counts: addCounts(era.counts, block.counts),
    transfersCount: era.transfersCount + block.transfersCount,
    transfersVolume: era.transfersVolume + block.transfersVolume,
    staked: era.staked + block.staked,
    undelegated: era.undelegated + block.undelegated,
    fees: era.fees + block.fees,
    burned: era.burned + block.burned,
    totalSupply: block.totalSupply,
    feesBurned: era.feesBurned && (gone === null || gone === block.fees + block.burned),
  }
}

export interface ClosedEra {
  readonly era: Era
  readonly validators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
}

/** What is known of the network beside its blocks. */
export interface Rules {
  readonly network: string
  /** null where no node says it in a way that we know. */
  readonly rewardsHandling: RewardsHandling | null
}

/**
 * Closes an era by its switch block, which is already counted in `era`.
 * @param supply what the node says the total supply is after the switch block; null where it cannot say
 * @param set validators as they stand without their pay
 */
export function closeEra(
  era: Era,
  chain: ChainBlock,
  summary: EraSummary | null,
  supply: Motes | null,
  set: Iterable<EraValidator>,
  { network, rewardsHandling }: Rules,
): ClosedEra {
  const allocations = isPaid(chain) ? (summary?.allocations ?? []) : []
  const { validators, rewards } = toRewards(era.id, allocations, set)
  const validatorsRewards = sumMotes(validators.map(({ reward }) => reward))
  const delegatorsRewards = sumMotes(validators.map(({ delegatorsReward }) => delegatorsReward))
  const staking = validatorsRewards + delegatorsRewards
  const { minted, sustained } = toMinted(chain, summary && staking, rewardsHandling)
  const computed = era.totalSupply === null ? null : era.totalSupply + minted
  const totalSupply = supply ?? computed
  return {
    validators,
    rewards,
    era: {
      ...era,
      endHeight: chain.height,
      end: chain.time,
      minted,
      sustained,
      nextValidatorsWeight: sumMotes((chain.eraEnd?.weights ?? []).map(({ weight }) => weight)),
      validatorsRewards,
      delegatorsRewards,
      rewardedValidators: new Set(allocations.map(({ validator }) => validator)).size,
      rewardedDelegators: rewards.length,
      totalSupply,
      supplyAdjustment: supply !== null && computed !== null ? supply - computed : 0n,
      declaredAdjustment: toDeclaredAdjustment(network, era.id),
      circulating: toCirculating(network, { id: era.id, end: chain.time, totalSupply }),
    },
  }
}

/**
 * Whether the switch block pays: genesis and immediate switch blocks do not, yet the summary then repeats the
 * allocations of the era before under the new era's id.
 */
export function isPaid(chain: ChainBlock): boolean {
  if (chain.eraEnd === null) return false
  return chain.generation === 1 ? chain.eraEnd.scores.length > 0 : chain.eraEnd.rewards.length > 0
}

/**
 * What the era's end made. 2.x switch blocks tell the sum themselves (under the block hash), of which the sustain purse
 * gets its share and stakes the rest, but for what rounding loses; 1.x ones have scores only.
 * @param staking what the era's summary gives to validators and delegators; null where no node has it
 */
function toMinted(
  { generation, eraEnd, protocolVersion }: ChainBlock,
  staking: Motes | null,
  handling: RewardsHandling | null,
): Pick<Era, 'minted' | 'sustained'> {
  if (generation === 1 || eraEnd === null) return { minted: staking ?? 0n, sustained: 0n }
  const amounts = eraEnd.rewards.flatMap((reward) => reward.amounts)
  const rewards = sumMotes(amounts)
  const minted = { version: protocolVersion, rewards, amounts: amounts.length, staking }
  const sustained = toSustained(minted, handling)
  return { minted: staking === null || sustained === null ? rewards : staking + sustained, sustained }
}

/** Adds up an era summary, which in 2.x names the same pair more than once. In the order of first mention. */
function toRewards(eraId: number, allocations: readonly Allocation[], set: Iterable<EraValidator>) {
  const validators = new Map<string, EraValidator>(Array.from(set, (row) => [row.validator, row]))
  const rewards = new Map<string, Reward>()
  // Paid without being in the set: named by no list, so neither equivocator nor inactive.
  const none = { weight: null, reward: 0n, delegatorsReward: 0n, delegatorsCount: 0 }
  const idle = { ...NO_WORK, equivocated: false, inactive: false }
  for (const { validator, delegator, amount } of allocations) {
    const row = validators.get(validator) ?? { eraId, validator, ...none, ...idle }
    if (delegator === null) {
      validators.set(validator, { ...row, reward: row.reward + amount })
      continue
    }
    const pair = `${validator} ${delegator.kind === 'key' ? delegator.key : delegator.kind === 'purse' ? delegator.purse : delegator.hash}`
    const before = rewards.get(pair)
    rewards.set(pair, { eraId, validator, delegator, amount: (before?.amount ?? 0n) + amount })
    validators.set(validator, {
      ...row,
      delegatorsReward: row.delegatorsReward + amount,
      delegatorsCount: row.delegatorsCount + (before ? 0 : 1),
    })
  }
  return { validators: [...validators.values()], rewards: [...rewards.values()] }
}
