import type { Ms } from '../../../src/domain/time.ts'
import { DecodeFault } from '../../decode/field.ts'
import { onAbort } from '../abort.ts'
import type { CasperNode } from '../node.ts'
import { RpcError } from '../rpc.ts'
import { type Attempt, type Failure, firstGood, type Outcome, startAttempt } from './attempt.ts'
import { type Need, type NoNodeError, NotHeldError, type PoolClock } from './contract.ts'
import type { Hedges } from './hedges.ts'
import type { Looks } from './looks.ts'
import type { Member, Obstacle } from './member.ts'
import { toNobody } from './nobody.ts'
import type { Queue } from './queue.ts'
import { judge } from './verdict.ts'

export interface QuestionPorts {
  readonly members: readonly Member[]
  readonly queue: Queue
  readonly looks: Looks
  readonly hedges: Hedges
  readonly clock: PoolClock
  readonly patienceMs: Ms
  readonly toAccusation: (error: unknown) => string | null
  readonly accuse: (member: Member, reason: string) => void
}

/** Tries of one question for each node: then something is wrong that another try does not heal. */
const TRIES = 3

/** One question, from node to node, until it is answered or none is left that can answer it now. */
export class Question<T> {
  private readonly need: Need
  private readonly fn: (node: CasperNode, signal: AbortSignal) => Promise<T>
  private readonly signal: AbortSignal
  private readonly turn: number
  private readonly ports: QuestionPorts
  /** Nodes that have no answer to this question. */
  private readonly without = new Map<Member, Obstacle>()
  /** A shape that we do not know: of every node that answered, or another's answer would have done. */
  private strange: DecodeFault | null = null
  /** Nodes that failed at it: others go first. */
  private readonly failed = new Set<Member>()
  private tries = 0
  private waited: Ms = 0

  /** @param turn smaller for older questions: they are served first */
  constructor(
    need: Need,
    fn: (node: CasperNode, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    turn: number,
    ports: QuestionPorts,
  ) {
    this.need = need
    this.fn = fn
    this.signal = signal
    this.turn = turn
    this.ports = ports
  }

  /** @throws {NoNodeError} {@link DecodeFault}, and what the question throws that is no matter of nodes */
  async ask(): Promise<T> {
    const { looks, queue } = this.ports
    for (;;) {
      this.signal.throwIfAborted()
      looks.refresh()
      const fit = this.findFit()
      if (fit.length === 0) {
        if (this.strange !== null) throw this.strange
        if (!(await looks.freshen(this.signal))) await this.waitABit()
        continue
      }
      const member = await queue.take(this.findFresh(fit), this.turn, this.signal)
      if (member === null) {
        if (this.isHopeless()) throw this.toError()
        continue
      }
      const outcome = await this.put(member, fit)
      if ('value' in outcome) return outcome.value
      this.note(outcome)
    }
  }

  private obstacle(member: Member): Obstacle | null {
    return this.without.get(member) ?? member.obstacle(this.need, this.ports.clock.now())
  }

  private findFit(): Member[] {
    return this.ports.members.filter((member) => this.obstacle(member) === null)
  }

  /** Nodes that have not failed at this question, as long as one of them is open. */
  private findFresh(fit: readonly Member[]): readonly Member[] {
    if (this.failed.size === 0) return fit
    const now = this.ports.clock.now()
    const fresh = fit.filter((member) => !this.failed.has(member))
    if (fresh.some((member) => member.isOpen(now))) return fresh
    this.failed.clear()
    return fit
  }

  private async put(member: Member, fit: readonly Member[]): Promise<Outcome<T>> {
    const { clock, hedges, queue } = this.ports
    const capability = this.need.capability ?? 'block'
    const start = (one: Member): Attempt<T> =>
      startAttempt(one, this.fn, this.signal, () => queue.release(one))
    const startedAt = clock.now()
    const first = start(member)
    const late = fit.length > 1 ? hedges.lateAfter(capability) : null
    const outcome =
      late === null
        ? await first.done
        : await firstGood(
            first,
            (add) =>
              clock.after(late, () => {
                if (!hedges.isAllowed) return
                const other = queue.tryTake(
                  this.findFit().filter((one) => one !== member && !this.failed.has(one)),
                )
                if (other === null) return
                hedges.spend()
                add(start(other))
              }),
            (failure) => this.note(failure),
          )
    if ('value' in outcome) this.noteGood(outcome.member, clock.now() - startedAt)
    return outcome
  }

  private noteGood(member: Member, took: Ms): void {
    const { need, ports } = this
    const capability = need.capability ?? 'block'
    ports.hedges.measure(capability, took)
    if (capability === 'block' && typeof need.heights === 'number') member.learnTrue(need.heights)
  }

  /** Learns from a failure. @throws what is no matter of nodes */
  private note({ member, error }: Failure): void {
    const { clock, accuse, toAccusation } = this.ports
    if (this.signal.aborted) throw this.signal.reason
    const now = clock.now()
    // Accused while it was being asked: stopped for that.
    if (now < member.quarantine.until) return
    const accusation = toAccusation(error)
    if (accusation !== null) return accuse(member, accusation)
    if (error instanceof DecodeFault) {
      this.strange = error
      this.without.set(member, { kind: 'failed', text: error.message, until: null })
      return
    }
    const verdict = judge(error)
    if (verdict === null) throw error
    const capability = this.need.capability ?? 'block'
    if (verdict.kind === 'failed') {
      this.failed.add(member)
      // A node that asks for patience has not failed at the question; its pauses are what is bounded.
      const isBusy = (error as { reason?: string }).reason === 'rate-limit'
      if (!isBusy && ++this.tries >= TRIES * this.ports.members.length) throw this.toError()
      return
    }
    const isBlock = capability === 'block' && typeof this.need.heights === 'number'
    if (error instanceof NotHeldError && isBlock) member.learnUntrue(this.need.heights as number, now)
    else {
      const refusal = error instanceof RpcError ? error : null
      if (verdict.isLasting && refusal) member.learnLack(capability, refusal, now)
      const text = (error as Error).message
      this.without.set(member, { kind: verdict.kind, text, until: null, ...(refusal && { refusal }) })
    }
  }

  /** Whether all nodes that fit are shut for longer than the patience. */
  private isHopeless(): boolean {
    const { clock, patienceMs } = this.ports
    const now = clock.now()
    return this.findFit().every((member) => !member.isOpen(now) && member.opensAt(now) - now > patienceMs)
  }

  /** Waits for what passes soon. @throws {NoNodeError} when nothing will within the patience */
  private async waitABit(): Promise<void> {
    const { clock, members, patienceMs } = this.ports
    this.signal.throwIfAborted()
    const now = clock.now()
    const soonest = Math.min(
      ...members.map((member) => this.obstacle(member)?.until ?? Number.POSITIVE_INFINITY),
    )
    const pause = Math.max(soonest - now, 50)
    if (this.waited + pause > patienceMs) throw this.toError()
    this.waited += pause
    await new Promise<void>((resolve, reject) => {
      const forget = onAbort(this.signal, () => {
        cancel()
        reject(this.signal.reason)
      })
      const cancel = clock.after(pause, () => {
        forget()
        resolve()
      })
    })
  }

  private toError(): NoNodeError {
    return toNobody(this.ports.members, this.ports.clock.now(), (member) => this.obstacle(member))
  }
}
