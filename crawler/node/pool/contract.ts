import type { Ms } from '../../../src/domain/time.ts'
import type { Clock } from '../../../src/ports.ts'
import type { Log } from '../../log.ts'
import type { CasperNode } from '../node.ts'
import type { Rpc, RpcError } from '../rpc.ts'

/** The crawler's only way to the network: many nodes, 1.x and sidecars mixed, as if they were one that is always there. */
export interface NodePool {
  /**
   * Asks one question of a node that can answer it. `fn` may run again, on another node, when a node is away, slow,
   * refuses the method or does not hold the thing; for a slow answer it may run on two nodes at once. So it only reads.
   * It waits for a node that is busy, and up to `patienceMs` for one that is paused.
   *
   * What `fn` throws: `NodeUnavailableError`, `NotHeldError` and an `RpcError` that another node might not give lead to
   * another node; so does an error that `ports.toAccusation` calls a lie. Anything else is thrown as it is.
   * @throws {NoNodeError} when no node can answer now
   */
  use<T>(
    need: Need,
    fn: (node: CasperNode, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>
  /** A node whose answer failed verification: nothing is asked of it for 10 min, doubled each time, up to a day. */
  accuse(node: CasperNode, reason: string): void
  /** The highest height that a healthy node of the right network reports; null while there is none. Asks nothing. */
  tip(): PoolTip | null
  /**
   * Asks all nodes' statuses in parallel. Waits for the slower ones a moment after the first, never for a dead one.
   * @throws {NoNodeError} when no node answers
   */
  look(signal: AbortSignal): Promise<PoolTip>
  /**
   * An event told of this height: nodes close to it may be asked for it before their status says so. A hint, no more:
   * a node that lacks it costs one request.
   */
  heard(height: number): void
  /** The network that all nodes must be of. Until it is set, the first listed node that answers decides. */
  setNetwork(name: string): void
  states(): readonly NodeState[]
  close(): Promise<void>
}

/** What a question needs of a node. */
export interface Need {
  /** Lowest and highest height, inclusive, that the answer is about; one number for both. */
  readonly heights?: number | readonly [low: number, high: number]
  /**
   * The kind of question, `block` unless told. A node that says "method not found" to it is not asked this kind again
   * for an hour, or until it runs another version.
   */
  readonly capability?: Capability
  /** Nodes not to ask, such as the one whose answer is to be compared. */
  readonly not?: readonly CasperNode[]
}

/** `transaction`, `auction_v2` and `reward` are of 2.x only; `deploy` is a deploy by hash, in either way. */
export type Capability =
  | 'block'
  | 'deploy'
  | 'transaction'
  | 'era_summary'
  | 'state'
  | 'auction'
  | 'auction_v2'
  | 'reward'
  | 'validator_changes'
  | 'chainspec'
  | 'peers'

export interface PoolTip {
  readonly network: string
  readonly height: number
  /** The block's own time. */
  readonly time: Ms
}

/** For `/metrics` and the status: one line a node. Never an URL, which may hold credentials. */
export interface NodeState {
  /** Host and port. */
  readonly host: string
  readonly shape: '1.x' | 'sidecar' | null
  /** Software of the node as it says; null before it answered. */
  readonly version: string | null
  readonly network: string | null
  /** Would be asked now, if the question fits. */
  readonly isHealthy: boolean
  /** Smoothed time of light answers; null before the first. */
  readonly latencyMs: number | null
  /** Questions under way, and how many there may be now. */
  readonly running: number
  readonly limit: number
  readonly lowest: number | null
  readonly highest: number | null
  readonly pausedUntil: Ms | null
  readonly quarantinedUntil: Ms | null
  /** Why it is not asked; null when it is. */
  readonly reason: string | null
  readonly lastFailure: { readonly at: Ms; readonly reason: string } | null
  readonly answered: number
  readonly failed: number
  /** Times it was accused. */
  readonly accused: number
}

export interface PoolOptions {
  readonly urls: readonly string[]
  /** Most questions under way at once, for each node. */
  readonly connections: number
  /** The network's name, when it is known beforehand. */
  readonly network?: string
  /** Longest that a question waits for a paused node before `NoNodeError`. Default 5 s. */
  readonly patienceMs?: Ms
  /** How long a node is out after its first false answer; doubled at each further one, up to a day. Default 10 min. */
  readonly quarantineMs?: Ms
  /** Age at which a node's status is asked anew. Default 5 s. */
  readonly lookEveryMs?: Ms
  /** Longest wait for a status. Default 5 s. */
  readonly lookTimeoutMs?: Ms
}

/** Time that tests can hold: `after` runs once in `ms`, and gives what takes it back. */
export interface PoolClock extends Clock {
  after(ms: Ms, run: () => void): () => void
}

export interface PoolPorts {
  /** Opens the way to one node, with a time limit of its own for each call. */
  readonly connect: (url: string) => Rpc
  readonly clock: PoolClock
  /** 0 to 1, for jitter. */
  readonly random: () => number
  readonly log: Log
  /**
   * Whether an error of `fn` proves that the node's answer is false (hashes that do not fit): then the node is accused
   * with this reason and another is asked. null: no.
   */
  readonly toAccusation?: (error: unknown) => string | null
}

/** Thrown by a question whose thing the node does not hold, although it may exist: another node is asked. */
export class NotHeldError extends Error {
  override readonly name: string = 'NotHeldError'
}

/**
 * Why a node was not asked, or failed. `range`: it no longer keeps these heights; `ahead`: it does not have them yet;
 * `not-held`: it lacks the thing although it keeps the height.
 */
export type Hindrance =
  | 'unknown'
  | 'network'
  | 'quarantined'
  | 'avoided'
  | 'range'
  | 'ahead'
  | 'refused'
  | 'not-held'
  | 'paused'
  | 'failed'

export interface NodeReason {
  readonly host: string
  readonly kind: Hindrance
  /** In words, for the log. */
  readonly text: string
}

/** No node can answer a question now. */
export class NoNodeError extends Error {
  override readonly name = 'NoNodeError'
  /** When it is worth to ask again. */
  readonly retryIn: Ms
  /** Each node's. */
  readonly reasons: readonly NodeReason[]
  /** A node's own words, when one answered with an error. */
  readonly refusal: RpcError | null
  /** Every node of this network refuses, lacks the thing or no longer keeps these heights: the network's answer is "no". */
  readonly isFinal: boolean

  constructor(retryIn: Ms, reasons: readonly NodeReason[], refusal: RpcError | null) {
    super(`No node can answer: ${reasons.map(({ host, text }) => `${host}: ${text}`).join('; ')}`, {
      cause: refusal ?? undefined,
    })
    this.retryIn = retryIn
    this.reasons = reasons
    this.refusal = refusal
    this.isFinal =
      reasons.every(({ kind }) => NO.has(kind) || NOT_ASKED.has(kind)) &&
      reasons.some(({ kind }) => NO.has(kind))
  }

  /** All nodes answered, and all are of another network. */
  get isOtherNetwork(): boolean {
    return this.reasons.every(({ kind }) => kind === 'network')
  }
}

const NO: ReadonlySet<Hindrance> = new Set(['range', 'refused', 'not-held'])
/** What these would say is not waited for: a liar's "yes" would be worth nothing. */
const NOT_ASKED: ReadonlySet<Hindrance> = new Set(['network', 'avoided', 'quarantined'])
