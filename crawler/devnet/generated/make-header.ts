import type { Place } from './eras.ts'
import { type createSigners, toBitmap } from './finality.ts'
import { type Contents, type Header, type Link, toAccumulatedSeed, toBodyHash, toHash } from './header.ts'
import type { ChainRules } from './options.ts'
import { Purpose, type Random } from './random.ts'
import { type EraRewards, toEraRewards } from './rewards.ts'
import type { TransactionHashes } from './transaction-hash.ts'
import { type Account, TRANSFER_COST, toTransfer } from './transfers.ts'
import type { ValidatorSet } from './validators.ts'

/** What all tails of a chain have in common. */
export interface Parts {
  readonly rules: ChainRules
  readonly place: (height: number) => Place
  readonly sets: (id: number) => ValidatorSet
  readonly signers: ReturnType<typeof createSigners>
  readonly hashes: TransactionHashes
  readonly account: (index: number) => Account
  readonly networkHash: string
}

/**
 * Makes the block that stands on `parent`.
 * @param random the tail's own
 */
export function makeHeader(parts: Parts, random: Random, parent: Link, height: number): Header {
  const place = parts.place(height)
  const { eraId, generation, isSwitch, isImmediate } = place
  const set = parts.sets(place.set)
  const nextSet = parts.sets(place.nextSet)
  const made = isImmediate ? [] : makeTransactions(parts, random, place)
  const rewards = isSwitch && !isImmediate ? toRewards(set, place, parent, random) : null
  const proposer = set.members[random.word(Purpose.proposer, height) % set.members.length]
  const contents: Contents = {
    place,
    set,
    parentHash: parent.hash,
    stateRootHash: random.hash(Purpose.stateRoot, height),
    randomBit: !isImmediate && random.word(Purpose.randomBit, height) % 2 === 1,
    proposer: isImmediate || !proposer ? '00' : proposer.publicKey,
    transactions: made.map(({ hash }) => hash),
    draws: made.map(({ draw }) => draw),
    bitmap: isImmediate || generation === 1 ? null : toPreviousBitmap(parts, height - 1),
    eraEnd: isSwitch ? { nextSet, nextWeights: nextSet.weights(eraId + 1), rewards } : null,
    lastSwitchHash: parent.switchHash,
  }
  const bodyHash = toBodyHash(contents)
  const accumulatedSeed = toAccumulatedSeed(parent.accumulatedSeed, contents.randomBit)
  const hash = toHash(contents, bodyHash, accumulatedSeed)
  // 2.x burns the fees, each in its transaction; both generations mint at the era's end.
  const burned = generation === 2 ? TRANSFER_COST * BigInt(made.length) : 0n
  const supply = parent.supply - burned + (rewards?.minted ?? 0n)
  return {
    ...contents,
    bodyHash,
    accumulatedSeed,
    hash,
    switchHash: isSwitch ? hash : parent.switchHash,
    supplyBefore: parent.supply,
    supply,
    eraSupply: isSwitch ? supply : parent.eraSupply,
  }
}

function toRewards(set: ValidatorSet, place: Place, parent: Link, random: Random): EraRewards {
  const { eraId: id, height, eraStart, generation, isAfterImmediate } = place
  const era = { id, blocks: height - eraStart + 1, generation, hasLate: !isAfterImmediate }
  return toEraRewards(set, era, parent.eraSupply, random)
}

function toPreviousBitmap({ rules, place, sets, signers }: Parts, previous: number): number[] {
  const { set: id, eraId } = place(previous)
  const set = sets(id)
  return toBitmap(set.members.length, signers(set, eraId, rules.signersAt(previous)))
}

/** 2.x sorts a lane's hashes; 1.x leaves them in no order. */
function makeTransactions({ rules, hashes, account }: Parts, random: Random, place: Place) {
  const { height, generation, time } = place
  const made = Array.from({ length: rules.transfersAt(height) }, (_, draw) => {
    const transfer = toTransfer(random, account, rules.accounts, height, draw)
    const hash = generation === 1 ? hashes.deploy(transfer, time).hash : hashes.transaction(transfer, time)
    return { hash, draw }
  })
  return generation === 2 ? made.sort((a, b) => (a.hash < b.hash ? -1 : 1)) : made
}
