import type { SignersOf } from './finality.ts'

/** A replaced validator set that no switch block announced: what an emergency restart does. */
export interface ValidatorChange {
  /** Height of the immediate switch block, which the new set signs. The era before ends at the height before. */
  readonly at: number
  /** Size of the new set; by default as many as before. About half of them are of the old set. */
  readonly validators?: number
}

/** Another tail of the same chain: valid, signed by the same validators, with blocks of its own. */
export interface ForkOptions {
  /** First height that differs, at least 1. */
  readonly from: number
  readonly seed: number
}

export interface GeneratedChainOptions {
  /** Default `casper-generated`. Enters every hash and, in 2.x, the signatures. */
  readonly network?: string
  /** Chains of another seed share nothing. Default 1. */
  readonly seed?: number
  /** 1, 2 (default), or 1 with an immediate switch block of 2.x at `upgradeAt`. */
  readonly generation?: 1 | 2 | { readonly upgradeAt: number }
  /** Default 5. Every third has a secp256k1 key. */
  readonly validators?: number
  /** Default 3. */
  readonly delegatorsPerValidator?: number
  /** Ordinary blocks of an era, its switch block included. Default 20. */
  readonly blocksPerEra?: number
  /** Native transfers in each block but genesis and immediate switch blocks, 0 to 1000; or by height. Default 0. */
  readonly transfersPerBlock?: number | ((height: number) => number)
  /** Accounts that send and receive. Default 200. */
  readonly accounts?: number
  /** Milliseconds from one block to the next. Default 8000. */
  readonly blockTime?: number
  /** Of genesis, milliseconds since 1970. */
  readonly startTime?: number
  /** Total supply at genesis, in motes. */
  readonly genesisSupply?: bigint
  readonly forks?: readonly ForkOptions[]
  /** Who signs blocks; default `all`. */
  readonly signers?: SignersOf | ((height: number) => SignersOf)
  /** In ascending order, at least two heights apart from each other and from an upgrade. */
  readonly validatorChanges?: readonly ValidatorChange[]
  /** `full` (default) writes execution effects of a real node's length, `short` only those that mean something. */
  readonly effects?: 'full' | 'short'
}

type Resolved = Required<Omit<GeneratedChainOptions, 'generation' | 'transfersPerBlock' | 'signers'>>

/** Options with their defaults. */
export interface ChainRules extends Resolved {
  /** First height of Version2: 0 for a 2.x chain, Infinity for a 1.x one. */
  readonly upgradeAt: number
  readonly transfersAt: (height: number) => number
  readonly signersAt: (height: number) => SignersOf
}

const MOST_TRANSFERS = 1_000
/** Heights are kept in 32 bits. */
const MOST_HEIGHT = 2 ** 32 - 1

/** Fills in the defaults. @throws {RangeError} for numbers that make no chain */
export function toRules(options: GeneratedChainOptions): ChainRules {
  const {
    generation = 2,
    transfersPerBlock = 0,
    signers = 'all',
    forks = [],
    validatorChanges = [],
  } = options
  const rules: ChainRules = {
    network: options.network ?? 'casper-generated',
    seed: options.seed ?? 1,
    validators: options.validators ?? 5,
    delegatorsPerValidator: options.delegatorsPerValidator ?? 3,
    blocksPerEra: options.blocksPerEra ?? 20,
    accounts: options.accounts ?? 200,
    blockTime: options.blockTime ?? 8_000,
    startTime: options.startTime ?? Date.UTC(2021, 2, 31, 15, 0, 39, 552),
    genesisSupply: options.genesisSupply ?? 10_000_000_000n * 1_000_000_000n,
    effects: options.effects ?? 'full',
    forks,
    validatorChanges,
    upgradeAt: generation === 2 ? 0 : generation === 1 ? Number.POSITIVE_INFINITY : generation.upgradeAt,
    transfersAt:
      typeof transfersPerBlock === 'function'
        ? (height) => check('transfersPerBlock', transfersPerBlock(height), 0, MOST_TRANSFERS)
        : () => transfersPerBlock,
    signersAt: typeof signers === 'function' ? signers : () => signers,
  }
  check('validators', rules.validators, 1, 1_000)
  check('delegatorsPerValidator', rules.delegatorsPerValidator, 0, 10_000)
  check('blocksPerEra', rules.blocksPerEra, 1, MOST_HEIGHT)
  check('accounts', rules.accounts, 2, 1_000_000)
  check('blockTime', rules.blockTime, 1, 86_400_000)
  if (typeof transfersPerBlock === 'number') check('transfersPerBlock', transfersPerBlock, 0, MOST_TRANSFERS)
  for (const { from } of forks) check('forks.from', from, 1, MOST_HEIGHT)
  checkBreaks(rules)
  return rules
}

function checkBreaks({ upgradeAt, validatorChanges }: ChainRules): void {
  const heights = validatorChanges.map(({ at }) => at)
  if (upgradeAt > 0 && upgradeAt !== Number.POSITIVE_INFINITY) heights.push(upgradeAt)
  for (const height of heights) {
    check('upgradeAt and validatorChanges.at', height, 2, MOST_HEIGHT)
    if (heights.filter((other) => Math.abs(other - height) < 2).length > 1) {
      throw new RangeError(`an upgrade or a change of validators at ${height} is beside another`)
    }
  }
  if (validatorChanges.some(({ at }, i) => at <= (validatorChanges[i - 1]?.at ?? 0))) {
    throw new RangeError('validatorChanges must be in ascending order')
  }
}

function check(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${name} is ${value}, not an integer from ${least} to ${most}`)
}
