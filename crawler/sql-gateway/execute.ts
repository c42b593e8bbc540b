import type { Cancel } from './cancel.ts'
import type { Caps } from './caps.ts'
import { DEADLOCK, Fault, SqlFault, toFault } from './fault.ts'
import type { Gate } from './gate.ts'
import type { Pool } from './pool.ts'
import { runStatement } from './run.ts'
import type { Session, Sessions } from './sessions.ts'
import { parseStatement, type StatementKind } from './statement.ts'

export interface ExecuteRequest {
  query: string
  /** the open transaction that the client speaks in; undefined outside of one */
  session: string | undefined
}

export interface ExecuteAnswer {
  /** the open transaction after the statement */
  session: string | undefined
  /** JSON text */
  result: string
}

export type Execute = (request: ExecuteRequest, cancel: Cancel) => Promise<ExecuteAnswer>

export interface ExecutePorts {
  pool: Pool
  sessions: Sessions
  gate: Gate
}

const NOTHING = '{}'

/** Decides which connection a statement runs on, and what it does to the session. */
export function createExecute(
  options: { caps: Caps; readOnly: boolean; database: string },
  { pool, sessions, gate }: ExecutePorts,
): Execute {
  const { caps } = options

  return async ({ query, session }, cancel) => {
    const kind = parseStatement(query, options)
    if (kind === 'settled') return { session, result: NOTHING }
    if (session !== undefined) return inSession(session, query, kind, cancel)
    if (kind === 'begin') return begin(query, cancel)
    // Without a transaction there is nothing to end: MySQL says yes to that, and so does a client's clean-up.
    if (kind === 'commit' || kind === 'rollback') return { session: undefined, result: NOTHING }
    if (kind === 'savepoint')
      throw new Fault('INVALID_ARGUMENT', 'a savepoint needs a transaction: BEGIN first')
    return outside(query, kind, cancel)
  }

  async function outside(query: string, kind: StatementKind, cancel: Cancel): Promise<ExecuteAnswer> {
    await gate.enter(cancel)
    try {
      return await again(kind === 'read', async (fresh) => {
        const connection = await pool.acquire(fresh)
        const stale = connection.used > 0
        try {
          return { session: undefined, result: await runStatement(connection, query, caps, cancel) }
        } catch (cause) {
          throw new Attempt(cause, stale)
        } finally {
          pool.release(connection)
        }
      })
    } finally {
      gate.leave()
    }
  }

  async function begin(query: string, cancel: Cancel): Promise<ExecuteAnswer> {
    return again(true, async (fresh) => {
      const session = await sessions.open(fresh)
      const stale = session.connection.used > 0
      try {
        return await inSession(session.id, query, 'begin', cancel)
      } catch (cause) {
        sessions.end(session, false)
        throw new Attempt(cause, stale)
      }
    })
  }

  async function inSession(
    id: string,
    query: string,
    kind: StatementKind,
    cancel: Cancel,
  ): Promise<ExecuteAnswer> {
    // The server has rolled back a transaction that was given up: a late ROLLBACK has what it wants.
    if (kind === 'rollback' && !sessions.has(id)) return { session: undefined, result: NOTHING }
    if (kind === 'define')
      throw new Fault('INVALID_ARGUMENT', 'DDL would commit the transaction: run it outside')
    return sessions.use(id, async (session) => {
      try {
        const result = await runStatement(session.connection, query, caps, cancel)
        if (kind !== 'commit' && kind !== 'rollback') return { session: id, result }
        sessions.end(session, true)
        return { session: undefined, result }
      } catch (error) {
        endIfLost(session, error)
        throw error
      }
    })
  }

  /** After these the server has no transaction any more, and what follows must not run as if there were one. */
  function endIfLost(session: Session, error: unknown): void {
    const fault = toFault(error, options.database)
    if (session.connection.ended !== undefined) sessions.end(session, false)
    else if (fault instanceof SqlFault && fault.errno === DEADLOCK) sessions.end(session, false)
  }

  /**
   * A connection that lay idle may have been closed by a restart of the store that nobody noticed yet. A statement
   * that changes nothing is then asked once more, on a new connection.
   */
  async function again<T>(repeatable: boolean, attempt: (fresh: boolean) => Promise<T>): Promise<T> {
    try {
      return await attempt(false)
    } catch (error) {
      if (!(error instanceof Attempt)) throw error
      const away = toFault(error.cause, options.database).code === 'UNAVAILABLE'
      if (!(repeatable && error.stale && away)) throw error.cause
    }
    try {
      return await attempt(true)
    } catch (error) {
      throw error instanceof Attempt ? error.cause : error
    }
  }
}

/** Carries why a statement failed, and whether its connection had been used before. */
class Attempt extends Error {
  readonly stale: boolean

  constructor(cause: unknown, stale: boolean) {
    super('attempt failed', { cause })
    this.stale = stale
  }
}
