import { randomBytes } from 'node:crypto'
import type { Caps } from './caps.ts'
import type { StoreConnection } from './connection.ts'
import { Fault } from './fault.ts'
import type { Pool } from './pool.ts'

/** An open transaction and the connection that it lives on. */
export interface Session {
  /** 192 random bits: who does not hold it cannot speak in it */
  id: string
  connection: StoreConnection
}

export interface Sessions {
  /** Takes a connection for a new transaction. @throws Fault UNAVAILABLE when as many are open as may be */
  open(fresh: boolean): Promise<Session>
  /** Runs `work` when what was asked in this session before is done. @throws Fault ABORTED when it has ended */
  use<T>(id: string, work: (session: Session) => Promise<T>): Promise<T>
  has(id: string): boolean
  /** Gives the connection back, or throws it away with its transaction when it is not known to be finished. */
  end(session: Session, finished: boolean): void
  closeIdle(): void
  close(): void
}

interface Held extends Session {
  timer: NodeJS.Timeout | undefined
  /** statements asked for and not answered yet: a client may send several without waiting */
  asked: number
  tail: Promise<unknown>
}

/** Of one transaction. More is a client gone wild, and each holds its SQL in memory. */
const ASKED_MOST = 64

export function createSessions(caps: Pick<Caps, 'sessions' | 'sessionIdleMs'>, pool: Pool): Sessions {
  const held = new Map<string, Held>()
  let opening = 0

  function end(session: Session, finished: boolean): void {
    const known = held.get(session.id)
    if (known === undefined) return
    held.delete(session.id)
    clearTimeout(known.timer)
    // The server rolls back when the connection goes, at once if it is killed.
    if (!finished) known.connection.ended ??= 'kill'
    pool.release(known.connection)
  }

  function rest(session: Held): void {
    if (session.asked > 0 || !held.has(session.id)) return
    session.timer = setTimeout(() => end(session, false), caps.sessionIdleMs)
    session.connection.onLost = () => end(session, false)
  }

  return {
    async open(fresh) {
      if (held.size + opening >= caps.sessions) {
        throw new Fault('UNAVAILABLE', `${caps.sessions} transactions are open already: try again`)
      }
      opening++
      try {
        const connection = await pool.acquire(fresh)
        const session: Held = {
          id: randomBytes(24).toString('base64url'),
          connection,
          timer: undefined,
          asked: 0,
          tail: Promise.resolve(),
        }
        held.set(session.id, session)
        rest(session)
        return session
      } finally {
        opening--
      }
    },

    async use(id, work) {
      const session = held.get(id)
      if (session === undefined) throw gone(caps.sessionIdleMs)
      if (session.asked >= ASKED_MOST)
        throw new Fault('UNAVAILABLE', 'too many statements wait in this transaction')
      clearTimeout(session.timer)
      session.asked++
      const turn = session.tail.then(() => {
        if (!held.has(id)) throw gone(caps.sessionIdleMs)
        return work(session)
      })
      session.tail = turn.catch(() => {})
      try {
        return await turn
      } finally {
        session.asked--
        rest(session)
      }
    },

    has: (id) => held.has(id),
    end,
    closeIdle() {
      for (const session of held.values()) if (session.asked === 0) end(session, false)
    },
    close() {
      for (const session of held.values()) end(session, false)
    },
  }
}

function gone(idleMs: number): Fault {
  const why = `committed, rolled back, or silent for ${idleMs / 1000} s`
  return new Fault('ABORTED', `the transaction of this session has ended (${why})`)
}
