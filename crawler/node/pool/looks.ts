import type { Ms } from '../../../src/domain/time.ts'
import { type Log, toReason } from '../../log.ts'
import { onAbort } from '../abort.ts'
import { NodeUnavailableError } from '../rpc.ts'
import type { PoolClock } from './contract.ts'
import type { Member } from './member.ts'
import { readLook, STATUS } from './status.ts'

/** A status younger than this is taken for the present when nothing can answer a question. */
const PRESENT: Ms = 1_000
/** Age at which a node of another network is asked again. */
const OTHER_EVERY: Ms = 60_000
/** Time for the other nodes once one has answered. */
const GRACE: Ms = 250

export interface LooksOptions {
  readonly lookEveryMs: Ms
  readonly lookTimeoutMs: Ms
}

export interface LooksPorts {
  readonly clock: PoolClock
  readonly log: Log
  /** A node's status came, or did not: what may be asked of it has changed. */
  readonly onLook: () => void
}

/** Keeps what is known of the nodes young. A node that is paused or accused is left alone. */
export class Looks {
  private readonly members: readonly Member[]
  private readonly options: LooksOptions
  private readonly ports: LooksPorts
  private readonly stop: AbortSignal
  private network: string | null = null

  constructor(members: readonly Member[], options: LooksOptions, ports: LooksPorts, stop: AbortSignal) {
    this.members = members
    this.options = options
    this.ports = ports
    this.stop = stop
  }

  setNetwork(name: string): void {
    this.network = name
    for (const member of this.members) {
      member.network = name
      if (member.look && member.look.network !== name) this.tellExcluded(member)
    }
  }

  /** Starts to ask the statuses that are due. Returns at once; costs next to nothing when none is. */
  refresh(): void {
    for (const member of this.members) {
      if (member.looking === null && this.isDue(member, this.options.lookEveryMs)) void this.ask(member)
    }
  }

  /**
   * Asks the statuses older than a second, and waits until each has come or a moment has passed since the first did.
   * @returns whether any was asked
   */
  async freshen(signal: AbortSignal, age: Ms = PRESENT): Promise<boolean> {
    const asked = this.members.filter((member) => member.looking !== null || this.isDue(member, age))
    if (asked.length > 0) await this.firstAnswers(asked, signal)
    this.decide()
    return asked.length > 0
  }

  private isDue(member: Member, age: Ms): boolean {
    const now = this.ports.clock.now()
    if (now < member.rest.until || now < member.quarantine.until) return false
    const { look } = member
    if (look === null || member.rest.needsStatus) return true
    const isOther = member.network !== null && look.network !== member.network
    return now - look.at >= (isOther ? OTHER_EVERY : age)
  }

  private firstAnswers(members: readonly Member[], signal: AbortSignal): Promise<void> {
    const { clock } = this.ports
    return new Promise((resolve, reject) => {
      let left = members.length
      let cancel: (() => void) | null = null
      const forget = onAbort(signal, () => finish(() => reject(signal.reason)))
      const finish = (settle: () => void) => {
        cancel?.()
        forget()
        settle()
      }
      for (const member of members) {
        const before = member.look
        this.ask(member).then(() => {
          if (--left === 0) finish(resolve)
          else if (member.look !== before) cancel ??= clock.after(GRACE, () => finish(resolve))
        })
      }
    })
  }

  /** Single flight. Never rejects: a failure is the node's state. */
  private ask(member: Member): Promise<void> {
    member.looking ??= this.read(member).finally(() => {
      member.looking = null
      this.ports.onLook()
    })
    return member.looking
  }

  private async read(member: Member): Promise<void> {
    const { clock } = this.ports
    const { lookTimeoutMs } = this.options
    const startedAt = clock.now()
    member.start(startedAt)
    const controller = new AbortController()
    const forget = onAbort(this.stop, () => controller.abort())
    const late = new NodeUnavailableError(STATUS, 'timeout', `no status within ${lookTimeoutMs} ms`)
    const cancel = clock.after(lookTimeoutMs, () => controller.abort(late))
    try {
      const look = await readLook(member.node.rpc, clock.now, controller.signal)
      const isNew = look.network !== member.look?.network
      member.see(look)
      if (isNew && member.network !== null && look.network !== member.network) this.tellExcluded(member)
    } catch (error) {
      if (this.stop.aborted) return
      // An answer of an unknown shape (a node without blocks, another program) is a failure like others; those of the
      // wire were counted where they were measured.
      const isCounted = error instanceof NodeUnavailableError && !controller.signal.aborted
      if (isCounted) return
      const reason = controller.signal.aborted
        ? late
        : new NodeUnavailableError(STATUS, 'not-json', toReason(error))
      member.fail(reason, startedAt)
    } finally {
      cancel()
      forget()
    }
  }

  private tellExcluded({ host: node, look, network }: Member): void {
    this.ports.log.warn('node excluded', { node, reason: `it is of ${look?.network}, not of ${network}` })
  }

  /** Without a known network the first listed node that answered decides. */
  private decide(): void {
    if (this.network !== null) return
    const first = this.members.find(({ look }) => look !== null)?.look
    if (first) this.setNetwork(first.network)
  }
}
