import type { Ms } from '../domain/time.ts'
import type { Soon } from '../lib/soon.ts'
import type { Clock, StoreReader, Tip } from '../ports.ts'

/** The store holds another chain than this deployment serves. Nothing of it may be answered or kept. */
export class WrongChainError extends Error {
  readonly code = 'WRONG_CHAIN'
  override readonly name = 'WrongChainError'
}

export interface ExpectedChain {
  /** `casper`, `casper-test`; taken from the store where it is absent. */
  readonly network?: string | undefined
  /**
   * First hex digits of the first block's hash; taken from the store where it is absent. With both given, durable
   * values are served while the store is down even by an isolate that has never seen it up.
   */
  readonly genesis?: string | undefined
}

export interface Chain {
  /** The store, each of whose answers is known to be of this chain. */
  readonly store: StoreReader
  /** Stands before every durable key: `casper-0a1b2c3d`. @throws while the chain is not known */
  namespace(): Soon<string>
}

/** Digits of the genesis hash in keys: two chains of one name, such as two development networks, differ in them. */
const DIGITS = 8
/** An empty store is of no chain yet. */
const EMPTY = 'empty'
/** How long a look at the tip vouches for other answers. */
const VOUCHED: Ms = 1_000
/** After a failed look nobody looks again for so long. */
const PAUSE: Ms = 1_000

/**
 * Ties this process to one chain: the expected one, or the first that the store shows. A store that is exchanged
 * behind our back fails from then on, and what is cached of the right chain goes on being served.
 */
export function createChain(store: StoreReader, expected: ExpectedChain, clock: Clock): Chain {
  let network = expected.network
  let genesis = expected.genesis?.toLowerCase()
  let seenAt: Ms = Number.NEGATIVE_INFINITY
  let failure: { readonly error: unknown; readonly at: Ms } | undefined

  async function readTip(): Promise<Tip | null> {
    const tip = await store.readTip()
    if (tip === null) return null
    const { name, genesisHash } = tip.network
    network ??= name
    genesis ??= genesisHash
    if (name !== network || !genesisHash.startsWith(genesis)) {
      throw new WrongChainError(
        `The store holds ${toSpace(name, genesisHash)}, this is the edge of ${toSpace(network, genesis)}`,
      )
    }
    seenAt = clock.now()
    return tip
  }

  async function identify(): Promise<string> {
    if (failure && clock.now() - failure.at < PAUSE) throw failure.error
    try {
      const tip = await readTip()
      return tip === null ? EMPTY : toSpace(tip.network.name, tip.network.genesisHash)
    } catch (error) {
      failure = { error, at: clock.now() }
      throw error
    }
  }

  /** The tip is read beside the question, so that it costs no time. */
  async function vouch<T>(question: Promise<T>): Promise<T> {
    if (clock.now() - seenAt < VOUCHED) return question
    const [answer] = await Promise.all([question, readTip()])
    return answer
  }

  return {
    store: {
      readTip,
      readBlocks: (from, to) => vouch(store.readBlocks(from, to)),
      readHeightOfHash: (hash) => vouch(store.readHeightOfHash(hash)),
      readEras: (from, to) => vouch(store.readEras(from, to)),
      readEraTransfers: (from, to, limit) => vouch(store.readEraTransfers(from, to, limit)),
      readTransfers: (query) => vouch(store.readTransfers(query)),
      readTransactions: (height) => vouch(store.readTransactions(height)),
      readTransaction: (hash) => vouch(store.readTransaction(hash)),
      findBlocks: (filter) => vouch(store.findBlocks(filter)),
      findEras: (filter) => vouch(store.findEras(filter)),
      readCurrentPrice: () => vouch(store.readCurrentPrice()),
      readPrices: (from, to) => vouch(store.readPrices(from, to)),
      readPriceRuns: (length) => vouch(store.readPriceRuns(length)),
      readPeers: (query) => vouch(store.readPeers(query)),
    },
    namespace() {
      if (network !== undefined && genesis !== undefined) return toSpace(network, genesis)
      return identify()
    },
  }
}

function toSpace(network: string, genesis: string): string {
  return `${network}-${genesis.slice(0, DIGITS)}`
}
