import type { Ms } from '../../../src/domain/time.ts'
import { toReason } from '../../log.ts'
import { CasperNode } from '../node.ts'
import type { NodeUnavailableError, RpcError } from '../rpc.ts'
import type { Capability, Hindrance, Need, NodeState, PoolOptions, PoolPorts } from './contract.ts'
import { type Meter, measureRpc } from './measured-rpc.ts'
import { Pace } from './pace.ts'
import { Quarantine } from './quarantine.ts'
import { Rest } from './rest.ts'
import { Spacing } from './spacing.ts'
import { type Look, STATUS } from './status.ts'

/** Why a node is not asked a question. `until` when that may be over by itself; null when only a status can tell. */
export interface Obstacle {
  readonly kind: Hindrance
  readonly text: string
  readonly until: Ms | null
  readonly refusal?: RpcError
}

/** Answers whose time says more of their size than of the node: not measured. */
const HEAVY: ReadonlySet<string> = new Set([
  'state_get_auction_info',
  'state_get_auction_info_v2',
  'chain_get_era_summary',
  'info_get_chainspec',
  'info_get_peers',
])
/** What nodes before 2.0 do not know: they need not be asked to learn it. */
const ONLY_2X: ReadonlySet<Capability> = new Set(['transaction', 'auction_v2', 'reward'])
const LACK_KEPT: Ms = 3_600_000
/** Blocks that a node's last status may be behind an event that told of a new one. */
const CLOSE = 16
/** A height that a node says to have and has not is not asked of it for 0.25 s, doubled up to 5 min. */
const UNTRUE_FIRST: Ms = 250
const UNTRUE_LONGEST: Ms = 300_000

/** All that is known of one node. Decides nothing but what may be asked of it. */
export class Member {
  readonly index: number
  readonly host: string
  readonly node: CasperNode
  readonly pace: Pace
  readonly rest: Rest
  private readonly spacing = new Spacing()
  readonly quarantine: Quarantine
  /** Questions under way, to be stopped when the node is accused. */
  readonly attempts = new Set<AbortController>()
  /** Single flight of its status. */
  looking: Promise<void> | null = null
  look: Look | null = null
  /** Network that it must be of; null before that is known. */
  network: string | null = null
  private readonly lacks = new Map<Capability, { until: Ms; refusal: RpcError }>()
  private hint = -1
  private untrue = { height: 0, until: 0, times: 0 }
  private answered = 0
  private failed = 0

  private readonly ports: PoolPorts

  constructor(index: number, url: string, { connections, quarantineMs }: PoolOptions, ports: PoolPorts) {
    this.quarantine = new Quarantine(quarantineMs)
    this.index = index
    this.host = new URL(url).host
    this.ports = ports
    this.pace = new Pace(connections)
    this.rest = new Rest(ports.random)
    const meter: Meter = {
      answered: (method, took) => this.succeed(method, took),
      failed: (error, startedAt) => this.fail(error, startedAt),
    }
    this.node = new CasperNode(measureRpc(ports.connect(url), meter, ports.clock))
  }

  private succeed(method: string, took: Ms | null): void {
    this.answered++
    if (took !== null && !HEAVY.has(method)) this.pace.measure(took)
    this.spacing.ease()
    if (method === STATUS) return
    if (this.rest.isAway) this.ports.log.info('node back', { node: this.host })
    this.rest.recover()
  }

  fail(error: NodeUnavailableError, startedAt: Ms): void {
    const now = this.ports.clock.now()
    const { isAway: wasAway } = this.rest
    this.failed++
    if (error.reason === 'rate-limit' || error.reason === 'timeout') this.pace.halve(startedAt, now)
    const asked = this.rest.fail(error, startedAt, now)
    if (error.reason === 'rate-limit') this.spacing.refuse(asked, startedAt, now)
    if (wasAway || !this.rest.isAway) return
    this.ports.log.warn('node away', { node: this.host, reason: toReason(error) })
  }

  /** What stands against a question for longer than a short pause does; null when it may be asked. */
  obstacle(need: Need, now: Ms): Obstacle | null {
    if (need.not?.includes(this.node)) return { kind: 'avoided', text: 'not to be asked this', until: null }
    const general = this.unfit(now)
    if (general !== null) return general
    const look = this.look as Look
    const capability = need.capability ?? 'block'
    const lack = this.lacks.get(capability)
    if (lack && lack.until > now) {
      return { kind: 'refused', text: lack.refusal.message, until: lack.until, refusal: lack.refusal }
    }
    if (look.shape === '1.x' && ONLY_2X.has(capability)) {
      return { kind: 'refused', text: `a 1.x node knows no ${capability}`, until: null }
    }
    if (need.heights === undefined) return null
    const [low, high] = typeof need.heights === 'number' ? [need.heights, need.heights] : need.heights
    const held = `holds ${look.lowest} to ${look.highest}`
    if (low < look.lowest) return { kind: 'range', text: held, until: null }
    if (high > Math.max(look.highest, this.hint)) return { kind: 'ahead', text: held, until: null }
    const { untrue } = this
    return high >= untrue.height && now < untrue.until
      ? { kind: 'ahead', text: `was asked for ${untrue.height} and had it not`, until: untrue.until }
      : null
  }

  /** What stands against any question. */
  private unfit(now: Ms): Obstacle | null {
    const { quarantine, rest, look, network } = this
    if (now < quarantine.until) {
      const until = new Date(quarantine.until).toISOString()
      return {
        kind: 'quarantined',
        text: `out until ${until}: ${quarantine.reason}`,
        until: quarantine.until,
      }
    }
    if (look === null || network === null) {
      return { kind: 'unknown', text: rest.last?.reason ?? 'has not said its status yet', until: rest.until }
    }
    return look.network === network
      ? null
      : { kind: 'network', text: `is of ${look.network}, not of ${network}`, until: null }
  }

  /** Whether a question that fits may be sent now, a free slot given. */
  isOpen(now: Ms): boolean {
    const { rest, spacing } = this
    return now >= rest.until && now >= spacing.nextAt && !rest.needsStatus && this.unfit(now) === null
  }

  /** When it may be open again if it is shut: `now` while its status is being asked, never when only that can tell. */
  opensAt(now: Ms): Ms {
    if (now < this.quarantine.until) return Number.POSITIVE_INFINITY
    const at = Math.max(this.rest.until, this.spacing.nextAt)
    if (at > now) return at
    return this.looking === null ? Number.POSITIVE_INFINITY : now
  }

  /** A call begins. */
  start(now: Ms): void {
    this.spacing.start(now)
  }

  /** While it is failing one question at a time is risked. */
  get slots(): number {
    return this.rest.failures > 0 ? 1 : this.pace.slots
  }

  get isFull(): boolean {
    return this.pace.running >= this.slots
  }

  learnLack(capability: Capability, refusal: RpcError, now: Ms): void {
    this.lacks.set(capability, { until: now + LACK_KEPT, refusal })
  }

  /** It lacked a height that its status claims: at the tip a moment's delay, otherwise a gap or a lie. */
  learnUntrue(height: number, now: Ms): void {
    const { times } = this.untrue
    const pause = Math.min(UNTRUE_FIRST * 2 ** times, UNTRUE_LONGEST)
    this.untrue = { height, until: now + pause, times: times + 1 }
  }

  /** It holds this height. */
  learnTrue(height: number): void {
    if (this.untrue.times > 0 && height >= this.untrue.height) this.untrue = { height: 0, until: 0, times: 0 }
  }

  /** Its reports of its height were true so far. */
  get isHonest(): boolean {
    return this.untrue.times < 3
  }

  hear(height: number): void {
    const behind = height - (this.look?.highest ?? height)
    if (behind > 0 && behind <= CLOSE) this.hint = height
  }

  see(look: Look): void {
    if (look.version !== this.look?.version) this.lacks.clear()
    this.look = look
    this.hint = -1
    this.rest.needsStatus = false
  }

  /** Its height may be believed: it answers, is of the right network and not accused. */
  isReporter(now: Ms): boolean {
    return this.unfit(now) === null && !this.rest.needsStatus && this.isHonest
  }

  state(now: Ms): NodeState {
    const { look, pace, rest, quarantine } = this
    const isPaused = now < rest.until
    const reason =
      this.unfit(now)?.text ?? (isPaused || rest.needsStatus ? (rest.last?.reason ?? null) : null)
    return {
      host: this.host,
      shape: look?.shape ?? null,
      version: look?.version ?? null,
      network: look?.network ?? null,
      isHealthy: this.isOpen(now),
      latencyMs: pace.latency,
      running: pace.running,
      limit: this.slots,
      lowest: look?.lowest ?? null,
      highest: look?.highest ?? null,
      pausedUntil: isPaused ? rest.until : null,
      quarantinedUntil: now < quarantine.until ? quarantine.until : null,
      reason,
      lastFailure: rest.last,
      answered: this.answered,
      failed: this.failed,
      accused: quarantine.times,
    }
  }
}
