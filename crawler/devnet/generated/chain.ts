import { blake2b256 } from './blake2b.ts'
import { createEras, type Place } from './eras.ts'
import { createSigners, type Proof, toFinalityMessage, toProofs } from './finality.ts'
import type { Header, Link } from './header.ts'
import { createLinks, type Links } from './links.ts'
import { makeHeader, type Parts } from './make-header.ts'
import { type ChainRules, type GeneratedChainOptions, toRules } from './options.ts'
import { createRandom, type Random } from './random.ts'
import { type Allocation, toAllocations } from './rewards.ts'
import { createTransactionHashes } from './transaction-hash.ts'
import { createTransactionIndex } from './transaction-index.ts'
import { createAccounts, type Transfer, toTransfer } from './transfers.ts'
import { createValidatorSets, type ValidatorSet } from './validators.ts'

/** A chain, one of its forks chosen: the same rules, validators and accounts, other blocks from a height on. */
export interface GeneratedTail {
  /** 0 for the chain itself, n for its nth fork. */
  readonly branch: number
  /** First height that differs from the chain itself. */
  readonly from: number
  /** Any height from 0 on; there is always a next block. */
  header(height: number): Header
  proofs(header: Header): Proof[]
  /** In the order of the block's transactions; or only the one at a place. */
  transfers(header: Header, ordinal?: number): Transfer[]
  /** What the era paid that ends with this block; nothing where it is no switch block or pays nothing. */
  allocations(header: Header): Iterable<Allocation>
  /** The header of the last era's end at or before a block that paid; null if none has yet. */
  lastPaid(height: number): Header | null
  /** Height of one of the last 4,096 blocks that were made. */
  find(hash: string): number | null
  /** The block of a transaction, if it is none above `tip`, and its place in it. */
  findTransaction(hash: string, tip: number): { readonly height: number; readonly ordinal: number } | null
}

export interface GeneratedChain extends GeneratedTail {
  readonly rules: ChainRules
  readonly networkHash: string
  place(height: number): Place
  validatorSet(id: number): ValidatorSet
  /** 0: the chain itself; n: its nth fork, as listed in the options. @throws {RangeError} */
  tail(branch: number): GeneratedTail
}

const ZERO = '0'.repeat(64)

/**
 * A chain that nobody recorded: endless, the same each time for the same options, and made only as far as it is asked
 * for. Its hashes, parents, era ends, supply and finality signatures are right; the approvals of its transactions and the
 * state roots stand for themselves.
 *
 * @throws {RangeError} for options that make no chain
 */
export function createGeneratedChain(options: GeneratedChainOptions = {}): GeneratedChain {
  const rules = toRules(options)
  const seed = `${rules.network} ${rules.seed}`
  const random = createRandom(seed)
  const parts: Parts = {
    rules,
    place: createEras(rules),
    sets: createValidatorSets(rules, random),
    signers: createSigners(),
    hashes: createTransactionHashes(rules.network),
    account: createAccounts(rules.accounts, random),
    networkHash: blake2b256(Buffer.from(rules.network)),
  }
  const genesis: Link = {
    hash: ZERO,
    accumulatedSeed: ZERO,
    switchHash: null,
    supply: rules.genesisSupply,
    eraSupply: rules.genesisSupply,
  }
  const main = createTail(parts, 0, 0, random, () => genesis, null)
  const tails = rules.forks.map((fork, i) => {
    const own = createRandom(`${seed} fork ${fork.seed}`)
    return createTail(parts, i + 1, fork.from, own, () => main.links.link(fork.from - 1), main)
  })
  return {
    ...main,
    rules,
    networkHash: parts.networkHash,
    place: parts.place,
    validatorSet: parts.sets,
    tail(branch) {
      const tail = branch === 0 ? main : tails[branch - 1]
      if (!tail) throw new RangeError(`the chain has ${tails.length} forks: there is no fork ${branch}`)
      return tail
    },
  }
}

interface Tail extends GeneratedTail {
  readonly links: Links
  /** Heights up to `tip` that may hold a transaction. */
  places(hash: string, tip: number): number[]
}

/** @param trunk the chain that a fork leaves, for heights below it */
function createTail(
  parts: Parts,
  branch: number,
  from: number,
  random: Random,
  before: () => Link,
  trunk: Tail | null,
): Tail {
  const { rules, place, signers, account } = parts
  const index = createTransactionIndex()
  const links = createLinks(from, before, (parent, height) => {
    const made = makeHeader(parts, random, parent, height)
    index.add(height, made.transactions)
    return made
  })
  const header = (height: number) => (height < from && trunk ? trunk.header(height) : links.header(height))
  const trunkRandom = branch === 0 ? random : createRandom(`${rules.network} ${rules.seed}`)
  const places = (hash: string, tip: number): number[] => {
    // What was never made is in no index.
    if (tip >= from && index.last() < tip) links.header(tip)
    const shared = trunk?.places(hash, Math.min(tip, from - 1)) ?? []
    return [...shared, ...index.find(hash).filter((height) => height <= tip)]
  }
  const find = (hash: string): number | null => {
    const own = links.find(hash)
    if (own !== null || !trunk) return own
    const shared = trunk.find(hash)
    return shared !== null && shared < from ? shared : null
  }
  return {
    branch,
    from,
    links,
    places,
    header,
    find,
    proofs({ place: at, hash, set }) {
      const of = rules.signersAt(at.height)
      const message = toFinalityMessage(at, hash, parts.networkHash)
      return toProofs(set, signers(set, at.eraId, of), message, of)
    },
    transfers({ place: { height }, draws }, ordinal) {
      const own = height < from ? trunkRandom : random
      const wanted = ordinal === undefined ? draws : draws.slice(ordinal, ordinal + 1)
      return wanted.map((draw) => toTransfer(own, account, rules.accounts, height, draw))
    },
    allocations({ place: at, set, eraEnd }) {
      return eraEnd?.rewards ? toAllocations(set, at.eraId, eraEnd.rewards, at.generation) : []
    },
    lastPaid(height) {
      for (let at = place(height); ; at = place(at.eraStart - 1)) {
        if (at.isSwitch && !at.isImmediate) return header(at.height)
        if (at.eraStart === 0) return null
      }
    },
    findTransaction(hash, tip) {
      for (const height of places(hash, tip)) {
        const ordinal = header(height).transactions.indexOf(hash)
        if (ordinal >= 0) return { height, ordinal }
      }
      return null
    },
  }
}
