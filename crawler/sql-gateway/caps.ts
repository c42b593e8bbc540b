/** The bounds of one gateway: no client and no statement may take more of the store or of memory. */
export interface Caps {
  /** statements that run at once outside transactions, each on a connection of its own */
  connections: number
  /** requests that may wait for one of them */
  waiting: number
  /** milliseconds that a request waits at most */
  waitMs: number
  /** open transactions, each holding a connection */
  sessions: number
  /** milliseconds until a transaction that nobody speaks in is rolled back; PlanetScale's is 20 s too */
  sessionIdleMs: number
  /** rows of one answer */
  rows: number
  /** bytes of one answer's values, before base64 */
  bytes: number
  /** milliseconds that one statement runs */
  statementMs: number
  /** bytes of one request's body */
  requestBytes: number
  /** milliseconds that a stop waits for running statements */
  stopMs: number
}

export const DEFAULT_CAPS: Caps = {
  connections: 16,
  waiting: 256,
  waitMs: 2_000,
  sessions: 8,
  sessionIdleMs: 20_000,
  rows: 100_000,
  bytes: 32 * 1024 * 1024,
  statementMs: 5_000,
  requestBytes: 1024 * 1024,
  stopMs: 5_000,
}
