import type { Ms } from '../../../src/domain/time.ts'
import { onAbort } from '../abort.ts'
import { choose } from './choose.ts'
import type { PoolClock } from './contract.ts'
import type { Member } from './member.ts'

interface Waiter {
  readonly turn: number
  resolve: ((member: Member | null) => void) | null
}

/** Questions that the same nodes can answer, in the order in which they were asked. */
interface Lane {
  readonly members: readonly Member[]
  waiters: Waiter[]
}

export interface QueuePorts {
  readonly clock: PoolClock
  readonly patienceMs: Ms
  /** Asks the status of nodes whose pause is over. */
  readonly onDue: () => void
}

/**
 * Hands nodes' free slots to questions, oldest first. One question is compared with few nodes, and a freed slot with the
 * head of each lane, however many questions wait.
 */
export class Queue {
  private readonly ports: QueuePorts
  private readonly lanes = new Map<string, Lane>()
  private cancelTimer = () => {}
  private isPumping = false

  constructor(ports: QueuePorts) {
    this.ports = ports
  }

  /**
   * Waits for a slot of one of these nodes, and takes it.
   * @param turn smaller for older questions
   * @returns null when none of them will be open within the patience: the question must be thought over
   */
  async take(members: readonly Member[], turn: number, signal: AbortSignal): Promise<Member | null> {
    if (this.lanes.size === 0) {
      const free = this.tryTake(members)
      if (free !== null) return free
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { turn, resolve: null }
      const forget = onAbort(signal, () => {
        waiter.resolve = null
        reject(signal.reason)
      })
      waiter.resolve = (member) => {
        waiter.resolve = null
        forget()
        resolve(member)
      }
      this.join(members, waiter)
      this.pump()
    })
  }

  /** A slot of the best of these nodes if it is free at once. */
  tryTake(members: readonly Member[]): Member | null {
    const now = this.ports.clock.now()
    const best = choose(
      members.filter((member) => member.isOpen(now)),
      0,
    )
    if (best === null || best.isFull) return null
    this.start(best, now)
    return best
  }

  release(member: Member): void {
    member.pace.running--
    this.pump()
  }

  /** To be called whenever a node became free, open or shut. */
  pump(): void {
    if (this.isPumping || this.lanes.size === 0) return
    this.isPumping = true
    try {
      this.ports.onDue()
      this.cancelTimer()
      let wakeAt = Number.POSITIVE_INFINITY
      const lanes = [...this.lanes].sort(([, a], [, b]) => turnOf(a) - turnOf(b))
      for (const [key, lane] of lanes) {
        wakeAt = Math.min(wakeAt, this.serve(lane))
        if (lane.waiters.length === 0) this.lanes.delete(key)
      }
      const now = this.ports.clock.now()
      this.cancelTimer =
        wakeAt < Number.POSITIVE_INFINITY
          ? this.ports.clock.after(Math.max(1, wakeAt - now), () => this.pump())
          : () => {}
    } finally {
      this.isPumping = false
    }
  }

  close(): void {
    this.cancelTimer()
  }

  private start(member: Member, now: Ms): void {
    member.pace.running++
    member.start(now)
  }

  /** @returns when to look again; never when the end of a question or of a status will tell */
  private serve(lane: Lane): Ms {
    const { clock, patienceMs } = this.ports
    for (;;) {
      while (lane.waiters[0]?.resolve === null) lane.waiters.shift()
      const head = lane.waiters[0]
      if (head === undefined) return Number.POSITIVE_INFINITY
      const now = clock.now()
      const open = lane.members.filter((member) => member.isOpen(now))
      const best = choose(open, lane.waiters.length - 1)
      if (best === null || best.isFull) {
        const shut = lane.members.filter((member) => !open.includes(member))
        const opensAt = Math.min(...shut.map((member) => member.opensAt(now)))
        if (best !== null || opensAt - now <= patienceMs)
          return opensAt > now ? opensAt : Number.POSITIVE_INFINITY
        for (const waiter of lane.waiters.splice(0)) waiter.resolve?.(null)
        return Number.POSITIVE_INFINITY
      }
      lane.waiters.shift()
      this.start(best, now)
      head.resolve?.(best)
    }
  }

  /** A question that comes back goes before those that were asked later. */
  private join(members: readonly Member[], waiter: Waiter): void {
    const key = members.map(({ index }) => index).join()
    let lane = this.lanes.get(key)
    if (lane === undefined) this.lanes.set(key, (lane = { members, waiters: [] }))
    if (waiter.turn < turnOf(lane)) lane.waiters.unshift(waiter)
    else lane.waiters.push(waiter)
  }
}

const turnOf = (lane: Lane): number => lane.waiters[0]?.turn ?? Number.POSITIVE_INFINITY
