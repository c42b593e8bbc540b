import { setTimeout as sleep } from 'node:timers/promises'
import type { PurgeGroup } from '../../src/api/policy.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'
import type { Raised } from '../../src/store/announcements.ts'
import { type Log, toReason } from '../log.ts'

export interface EdgeOptions {
  /** Its public URL. */
  readonly url: string
  readonly token: string | null
  /** For a whole answer. */
  readonly timeoutMs: Ms
  /** Before the second try; doubled before each further one, up to `longestMs`. */
  readonly pauseMs: Ms
  readonly longestMs: Ms
}

export interface EdgePorts {
  readonly log: Log
  readonly clock: Clock
  /** 0 to 1. */
  readonly random: () => number
  /** After each delivery that was confirmed, and each that was not. */
  readonly onAnswer: (edge: string, isConfirmed: boolean) => void
}

const SAY_EVERY: Ms = 60_000

/**
 * One edge, and what it has confirmed. It is told at its own pace: one that is slow or away holds up neither a commit
 * nor the others, and is tried for as long as something is left to tell. Holds at most one entry a group.
 */
export class Edge {
  /** Host and port: what logs and metrics call it. */
  readonly name: string
  private readonly options: EdgeOptions
  private readonly ports: EdgePorts
  private readonly stop: AbortSignal
  private readonly confirmed = new Map<PurgeGroup, Ms>()
  private raised: readonly Raised[] = []
  private running: Promise<void> = Promise.resolve()
  private isBusy = false
  private failures = 0
  private saidAt: Ms = 0

  constructor(options: EdgeOptions, ports: EdgePorts, stop: AbortSignal) {
    this.name = new URL(options.url).host
    this.options = options
    this.ports = ports
    this.stop = stop
  }

  /** What is to be told by now. Returns at once. */
  tell(raised: readonly Raised[]): void {
    this.raised = raised
    if (this.isBusy || this.stop.aborted || this.pending().length === 0) return
    this.isBusy = true
    this.running = this.deliver()
  }

  /** What it has not confirmed. */
  pending(): readonly Raised[] {
    return this.raised.filter((one) => !this.hasConfirmed(one))
  }

  hasConfirmed({ group, at }: Raised): boolean {
    return (this.confirmed.get(group) ?? -1) >= at
  }

  /** Resolves when nothing is left to tell, or at the next failure. */
  async settle(): Promise<void> {
    const { failures } = this
    while (this.isBusy && this.failures === failures) {
      await Promise.race([this.running, sleep(20)])
    }
  }

  /** Resolves when nothing is under way any more; the signal has aborted. */
  async end(): Promise<void> {
    await this.running
  }

  private async deliver(): Promise<void> {
    for (let next = this.pending(); next.length > 0 && !this.stop.aborted; next = this.pending()) {
      const isConfirmed = await this.post(next)
      if (this.stop.aborted && !isConfirmed) break
      this.ports.onAnswer(this.name, isConfirmed)
      if (!isConfirmed) await sleep(this.toPause(), undefined, { signal: this.stop }).catch(() => {})
    }
    // In the same turn as the last look, or a call in between would start nothing.
    this.isBusy = false
  }

  private async post(raised: readonly Raised[]): Promise<boolean> {
    const { url, token, timeoutMs } = this.options
    try {
      const response = await fetch(new URL('/internal/purge', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
        body: JSON.stringify({ groups: raised.map(({ group }) => group) }),
        // A redirect would be followed without the bearer, and as a GET.
        redirect: 'error',
        signal: AbortSignal.any([this.stop, AbortSignal.timeout(timeoutMs)]),
      })
      // It answers when the purge is done; what it has to say of it is of no interest, however long.
      await response.body?.cancel()
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
    } catch (error) {
      if (!this.stop.aborted) this.complain(raised, toReason(error))
      return false
    }
    for (const { group, at } of raised) this.confirmed.set(group, at)
    if (this.failures > 0) this.ports.log.info('edge confirms again', { edge: this.name })
    this.failures = 0
    this.saidAt = 0
    return true
  }

  /** At the first failure, and then once a minute. */
  private complain(raised: readonly Raised[], reason: string): void {
    this.failures++
    const now = this.ports.clock.now()
    if (now - this.saidAt < SAY_EVERY) return
    this.saidAt = now
    const groups = raised.map(({ group }) => group).join(' ')
    this.ports.log.warn('edge not told', { edge: this.name, groups, reason })
  }

  /** Half of it by chance, so that crawlers and edges do not fall into step. */
  private toPause(): Ms {
    const { pauseMs, longestMs } = this.options
    return Math.min(pauseMs * 2 ** (this.failures - 1), longestMs) * (0.5 + this.ports.random() / 2)
  }
}
