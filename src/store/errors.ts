/*
 * What can go wrong in the store, as a closed list: each has a `code` by which it is mapped to an answer, and a
 * `cause` where something else failed first.
 */

/** The change does not continue what is stored: another chain's fork, a gap, or another writer was faster. */
export class ConflictError extends Error {
  readonly code = 'CONFLICT'
  override readonly name = 'ConflictError'
}

/** The store holds another chain. */
export class NetworkMismatchError extends Error {
  readonly code = 'NETWORK_MISMATCH'
  override readonly name = 'NetworkMismatchError'
  readonly stored: string
  readonly given: string

  constructor(stored: { name: string; genesisHash: string }, given: { name: string; genesisHash: string }) {
    const differ = stored.name === given.name ? ', whose first blocks differ' : ''
    super(
      `The store holds the network "${stored.name}" (first block ${stored.genesisHash.slice(0, 10)}…), ` +
        `the change is of "${given.name}" (${given.genesisHash.slice(0, 10)}…)${differ}.`,
    )
    this.stored = stored.name
    this.given = given.name
  }
}

/** The store could not be asked: no connection, no answer in time, refused, or overloaded. Worth another try later. */
export class StoreUnavailableError extends Error {
  readonly code = 'STORE_UNAVAILABLE'
  override readonly name = 'StoreUnavailableError'
}

/** One question took the store longer than it may; the store is well. */
export class StoreSlowError extends Error {
  readonly code = 'STORE_SLOW'
  override readonly name = 'StoreSlowError'
}

/** The store understood and refused the statement: a fault of ours or of the schema. Another try changes nothing. */
export class StoreQueryError extends Error {
  readonly code = 'STORE_QUERY'
  override readonly name = 'StoreQueryError'
  /** MySQL's number, where it is known: 1146 is a missing table. */
  readonly errno: number | null

  constructor(message: string, errno: number | null, options?: ErrorOptions) {
    super(message, options)
    this.errno = errno
  }
}

/** A filter's value does not fit its field: the asker's fault. */
export class FilterValueError extends Error {
  readonly code = 'FILTER_VALUE'
  override readonly name = 'FilterValueError'
  readonly field: string
  readonly value: unknown

  constructor(field: string, value: unknown, expected: string, options?: ErrorOptions) {
    super(`${JSON.stringify(value)} cannot be compared with ${field}: expected ${expected}`, options)
    this.field = field
    this.value = value
  }
}

/** Another crawler holds the lease by now: whatever this one still wants to write, it may not. */
export class LeaseLostError extends Error {
  readonly code = 'LEASE_LOST'
  override readonly name = 'LeaseLostError'

  constructor(term: number, now: { readonly holder: string; readonly term: number } | null) {
    const whose =
      now === null || now.holder === ''
        ? 'is nobody’s now'
        : `is held by ${now.holder} now (term ${now.term})`
    super(`The lease of term ${term} ran out and ${whose}: this crawler writes no more.`)
  }
}
