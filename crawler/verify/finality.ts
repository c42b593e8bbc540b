import type { PublicKey } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { FinalitySignature } from '../decode/signatures.ts'
import { areValid, toSignedBytes } from './signature.ts'
import type { ValidatorSet } from './validator-set.ts'
import { VerifyFault } from './verify.ts'

/** What the signatures of a block amount to. */
export interface Finality {
  /** Of the validators whose signatures were found valid. */
  readonly weight: Motes
  readonly total: Motes
  /** Validators of the set whose signature was checked and is valid. */
  readonly signers: number
  /** Keys outside the set that signed too; theirs are not checked. */
  readonly strangers: number
}

/**
 * Weight that must be exceeded, as a fraction of all: (1 + f) / 2, f being the chainspec's `finality_threshold_fraction`,
 * which is 1/3 in every release of mainnet, testnet and the integration network. It is what casper-node calls strict
 * finality (1.5: `validator_matrix.rs`, `signature_weight`) and asks of any block since 1.5.0 that it takes from a peer
 * (2.x: `check_sufficient_block_signatures`, "exceeds"; chainspec
 * `start_protocol_version_with_strict_finality_signatures_required`). Above it no other block can have as much while
 * less than a third of the weight lies; the weak rule, more than 1/3, only says that one honest validator signed.
 */
const QUORUM = { numerator: 2n, denominator: 3n }

/** Whether a weight is more than two thirds: at exactly two thirds it is not. */
export function isQuorum(weight: Motes, total: Motes): boolean {
  return weight * QUORUM.denominator > total * QUORUM.numerator
}

export interface FinalityOptions {
  /** Checks every validator's signature instead of stopping when the weight suffices. */
  readonly all?: boolean
}

/**
 * Checks that validators with more than two thirds of the era's weight signed a block. Each counts once, heaviest
 * first; keys outside the set do not count.
 *
 * A validator's invalid signature refuses the whole answer, even if the others would suffice: a node checks each before
 * it keeps it, so that one which passes it on is broken or lies, and everything else it says is as doubtful. No
 * validator can cause this by signing badly, since no honest node would keep that.
 * @param set of the block's era
 * @throws {VerifyFault} SIGNATURE, or FINALITY when the weight does not suffice
 */
export async function verifyFinality(
  block: ChainBlock,
  signatures: readonly FinalitySignature[],
  set: ValidatorSet,
  network: string,
  options: FinalityOptions = {},
): Promise<Finality> {
  const finality = await weigh(block, signatures, set, network, options)
  if (!isQuorum(finality.weight, set.total)) throw toFinalityFault(block, finality)
  return finality
}

/**
 * What the signatures amount to, be it enough or not. Those that are needed are checked side by side; of several that are
 * invalid, the heaviest validator's is the fault.
 * @throws {VerifyFault} SIGNATURE
 */
export async function weigh(
  block: ChainBlock,
  signatures: readonly FinalitySignature[],
  set: ValidatorSet,
  network: string,
  { all = false }: FinalityOptions = {},
): Promise<Finality> {
  const message = toSignedBytes(block, network)
  const byKey = new Map<PublicKey, FinalitySignature>()
  for (const one of signatures) if (!byKey.has(one.validator)) byKey.set(one.validator, one)
  const members = [...byKey.values()]
    .flatMap((signature) => {
      const weight = set.weights.get(signature.validator)
      return weight === undefined ? [] : [{ signature, weight }]
    })
    .sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1))

  let weight = 0n
  const needed: FinalitySignature[] = []
  for (const member of members) {
    if (!all && isQuorum(weight, set.total)) break
    weight += member.weight
    needed.push(member.signature)
  }
  const valid = await areValid(needed, message)
  const invalid = needed[valid.indexOf(false)]
  if (invalid !== undefined) throw toSignatureFault(block, invalid)
  return { weight, total: set.total, signers: needed.length, strangers: byKey.size - members.length }
}

/** An answer's stranger keys are checked up to this many, against lists made to keep us busy; sets have up to 100. */
const MOST_STRANGERS = 256

/** How many keys outside the set signed this very block validly: with none in the set, the sign of another set. */
export async function countStrangers(
  block: ChainBlock,
  signatures: readonly FinalitySignature[],
  set: ValidatorSet,
  network: string,
): Promise<number> {
  const message = toSignedBytes(block, network)
  const strangers = new Map<PublicKey, FinalitySignature>()
  for (const one of signatures) {
    if (!set.weights.has(one.validator) && strangers.size < MOST_STRANGERS) strangers.set(one.validator, one)
  }
  const valid = await areValid([...strangers.values()], message)
  return valid.filter(Boolean).length
}

/** Amounts in motes. */
export function toFinalityFault(block: ChainBlock, { weight, total, signers }: Finality): VerifyFault {
  const needed = (total * QUORUM.numerator) / QUORUM.denominator
  return new VerifyFault(
    'FINALITY',
    block.height,
    `signatures of more than ${needed} of era ${block.eraId}'s ${total} motes`,
    `${weight} motes of ${signers} validators`,
  )
}

function toSignatureFault(block: ChainBlock, { validator, signature }: FinalitySignature): VerifyFault {
  return new VerifyFault('SIGNATURE', block.height, `a valid signature of ${validator}`, signature)
}
