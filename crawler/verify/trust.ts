import type { Hash } from '../../src/domain/hash.ts'
import type { KnownChain } from '../chains/chains.ts'
import type { ChainBlock } from '../decode/block.ts'
import { countStrangers, type Finality, isQuorum, toFinalityFault, weigh } from './finality.ts'
import { createValidatorSet, toValidatorSet, type ValidatorSet } from './validator-set.ts'
import { VerifyFault, verifyParent } from './verify.ts'

/** Why a block is believed. */
export type Verdict =
  /** More than two thirds of its era's weight signed it. It settles every block before it, by their hashes. */
  | { readonly by: 'signatures'; readonly finality: Finality }
  /** It is known beforehand. Settles as signatures do. */
  | { readonly by: 'pin' }
  /** Nothing was asked of it: the next switch block, tip or pin settles it. */
  | { readonly by: 'parent' }
  /** Of a release before 1.5.0, whose blocks nodes may hold without signatures: the next pin settles it. */
  | { readonly by: 'legacy'; readonly finality: Finality }
  /** Its era's validators are not known: believed because it was the first that came. */
  | { readonly by: 'first-use' }

/** Whether a verdict settles the block and all before it. */
export function isSettled({ by }: Verdict): boolean {
  return by === 'signatures' || by === 'pin'
}

/**
 * A block signed by others than its era's validators: either the set was changed outside an era's end, as an emergency
 * restart may do, or the node is of another chain. Waiting does not help; one node alone may lie.
 */
export class UndeclaredValidatorsError extends Error {
  override readonly name = 'UndeclaredValidatorsError'
  readonly height: number
  readonly eraId: number

  constructor(block: ChainBlock, { signers, weight, total }: Finality, strangers: number, hint: string) {
    super(
      `Block ${block.height} of era ${block.eraId} is signed by ${strangers} keys outside the era's validator set, and by ${signers} of the set (${weight} of ${total} motes)${hint}: see docs/trust.md, "An undeclared change of validators"`,
    )
    this.height = block.height
    this.eraId = block.eraId
  }
}

export interface TrustOptions {
  /** As nodes say it; part of what the validators of 2.x sign. */
  readonly network: string
  /** `findChain(network)` */
  readonly chain: KnownChain | null
  /**
   * The checkpoint, on which the first checked block must stand; null for a store without blocks. A first crawl that
   * does not begin at 0 checks the switch block before its start first: pinned, or believed on first use.
   */
  readonly parent: { readonly height: number; readonly hash: Hash } | null
  /** Of the era that the first checked block belongs to, as `restoreValidatorSet` has it; null if unknown. */
  readonly set: ValidatorSet | null
}

export interface CheckOptions {
  /**
   * The block is near the tip, or the last of a commit: its own signatures are wanted. Not where a pin is ahead: that
   * settles it as well, and an era whose true validators nobody declared can be passed by a pin at its end.
   */
  readonly isTip: boolean
  /** Checks every signature instead of stopping at two thirds. */
  readonly all?: boolean
}

export interface Trust {
  /** `first-use`: nothing about this network is known beforehand; worth a warning. */
  readonly anchor: 'pinned' | 'first-use'
  /** Of the era of the newest checked block, or of the next if that ended its era. */
  readonly set: ValidatorSet | null
  /**
   * Says why a block is believed, and takes it as the parent of the next. Blocks come in order of height, each with its
   * own hashes verified (`verifyBlock`). After a throw nothing has changed: another node's block may be tried. Calls do
   * not overlap: one that comes before the last has ended is refused with an error, and leaves that one alone.
   * @throws {VerifyFault} @throws {DecodeFault} malformed signatures @throws {UndeclaredValidatorsError}
   */
  check(block: ChainBlock, options: CheckOptions): Promise<Verdict>
}

/**
 * Follows the validator sets along the chain. Signatures are checked of each switch block, since it names the next set,
 * and wherever they are asked for; any other block is settled by the next that is, through the parents' hashes.
 */
export function createTrust({ network, chain, parent, set }: TrustOptions): Trust {
  const pins = new Map(chain?.pins.map(({ height, hash }) => [height, hash]))
  if (chain?.genesis.hash) pins.set(0, chain.genesis.hash)
  const changes = new Map(chain?.validatorChanges.map((change) => [change.eraId, change.validators]))
  /** A set that the network's file declares for an era stands before the one that was named, and for one not known. */
  const toActual = (eraId: number, named: ValidatorSet | null): ValidatorSet | null => {
    const declared = changes.get(eraId)
    return declared ? createValidatorSet(eraId, declared) : named
  }
  /** Without a pin ahead, old blocks would never be settled: a chain that pretends to be old could go on for ever. */
  const lastPin = Math.max(-1, ...pins.keys())
  let before = parent
  let current = set && toActual(set.eraId, set)

  const setOf = (block: ChainBlock): ValidatorSet | null => {
    if (current !== null) return current
    const genesis = before === null && block.height === 0 ? chain?.validators : null
    return toActual(block.eraId, genesis ? createValidatorSet(0, genesis.set) : null)
  }

  const judge = async (
    block: ChainBlock,
    own: ValidatorSet | null,
    { isTip, all }: CheckOptions,
  ): Promise<Verdict> => {
    const pin = pins.get(block.height)
    if (pin !== undefined && pin !== block.hash) throw new VerifyFault('PIN', block.height, pin, block.hash)
    if (pin !== undefined) return { by: 'pin' }
    if (before === null) return { by: 'first-use' }
    if (block.eraEnd === null && (!isTip || block.height < lastPin)) return { by: 'parent' }
    if (own === null) return { by: 'first-use' }

    const signatures = block.signatures.parse()
    const finality = await weigh(block, signatures, own, network, all === undefined ? {} : { all })
    if (isQuorum(finality.weight, finality.total)) return { by: 'signatures', finality }
    const strangers = finality.strangers === 0 ? 0 : await countStrangers(block, signatures, own, network)
    if (strangers > finality.signers) {
      throw new UndeclaredValidatorsError(block, finality, strangers, toHint(chain, block.eraId))
    }
    if (chain?.legacyFinality === 'any' && isLegacy(block) && block.height < lastPin)
      return { by: 'legacy', finality }
    throw toFinalityFault(block, finality)
  }

  const step = async (block: ChainBlock, options: CheckOptions): Promise<Verdict> => {
    if (before !== null) {
      const height = before.height + 1
      if (block.height !== height) throw new VerifyFault('HEIGHT', height, `${height}`, `${block.height}`)
      verifyParent(block, before.hash)
    }
    const own = setOf(block)
    if (own !== null && own.eraId !== block.eraId) {
      throw new VerifyFault('ERA', block.height, `era ${own.eraId}`, `era ${block.eraId}`)
    }
    const verdict = await judge(block, own, options)
    const next = toValidatorSet(block)
    before = { height: block.height, hash: block.hash }
    current = next === null ? own : toActual(next.eraId, next)
    return verdict
  }

  let checking: number | null = null
  return {
    anchor: pins.size > 0 ? 'pinned' : 'first-use',
    get set() {
      return current
    },
    async check(block, options) {
      if (checking !== null) {
        throw new Error(`Block ${block.height} was to be checked while block ${checking} still was`)
      }
      checking = block.height
      try {
        return await step(block, options)
      } finally {
        checking = null
      }
    },
  }
}

/** What the chain's file knows of an era whose set may have been changed. */
function toHint(chain: KnownChain | null, eraId: number): string {
  const change = chain?.validatorChanges.find((one) => one.eraId === eraId)
  return change ? ` (${change.reason}; ${change.source})` : ''
}

/** Since 1.5.0 nodes take no block without two thirds' signatures; what they held before, they need not have signed. */
function isLegacy({ protocolVersion }: ChainBlock): boolean {
  const [major = 0, minor = 0] = protocolVersion.split('.').map(Number)
  return major === 1 && minor < 5
}
