import type { Ms } from '../../../src/domain/time.ts'
import type { CasperNode } from '../node.ts'
import type { Need, NodePool, PoolOptions, PoolPorts, PoolTip } from './contract.ts'
import { Hedges } from './hedges.ts'
import { Looks } from './looks.ts'
import { Member } from './member.ts'
import { toNobody } from './nobody.ts'
import { Question, type QuestionPorts } from './question.ts'
import { Queue } from './queue.ts'

/** Builds the pool. It asks nothing, and has no timer, until it is used. */
export function createNodePool(options: PoolOptions, ports: PoolPorts): NodePool {
  const { clock, log } = ports
  const patienceMs: Ms = options.patienceMs ?? 5_000
  const stop = new AbortController()
  const members = options.urls.map((url, index) => new Member(index, url, options, ports))
  const byNode = new Map<CasperNode, Member>(members.map((member) => [member.node, member]))
  const releases = new Set<() => void>()

  const queue = new Queue({ clock, patienceMs, onDue: () => looks.refresh() })
  const looks = new Looks(
    members,
    { lookEveryMs: options.lookEveryMs ?? 5_000, lookTimeoutMs: options.lookTimeoutMs ?? 5_000 },
    { clock, log, onLook: () => queue.pump() },
    stop.signal,
  )
  if (options.network !== undefined) looks.setNetwork(options.network)

  function accuse(member: Member, reason: string): void {
    const { quarantine, host: node } = member
    const now = clock.now()
    if (!quarantine.accuse(reason, now)) return
    const { until, times } = quarantine
    log.error('node quarantined', { node, reason, times, until: new Date(until).toISOString() })
    const cancel = clock.after(until - now, () => {
      releases.delete(cancel)
      log.info('node released', { node, times })
      queue.pump()
    })
    releases.add(cancel)
    for (const attempt of member.attempts) attempt.abort()
    queue.pump()
  }

  function tip(): PoolTip | null {
    const now = clock.now()
    let best: Member | null = null
    for (const member of members) {
      if (!member.isReporter(now)) continue
      if (best === null || (member.look?.height ?? 0) > (best.look?.height ?? 0)) best = member
    }
    return best?.look ? { network: best.look.network, height: best.look.height, time: best.look.time } : null
  }

  const questionPorts: QuestionPorts = {
    members,
    queue,
    looks,
    hedges: new Hedges(),
    clock,
    patienceMs,
    toAccusation: ports.toAccusation ?? (() => null),
    accuse,
  }
  let turn = 0

  return {
    async use<T>(
      need: Need,
      fn: (node: CasperNode, signal: AbortSignal) => Promise<T>,
      signal: AbortSignal,
    ): Promise<T> {
      return new Question(need, fn, signal, turn++, questionPorts).ask()
    },
    accuse(node, reason) {
      const member = byNode.get(node)
      if (member === undefined) throw new TypeError('The node is not of this pool')
      accuse(member, reason)
    },
    tip,
    async look(signal) {
      signal.throwIfAborted()
      await looks.freshen(signal, 0)
      const found = tip()
      if (found === null) throw toNobody(members, clock.now())
      return found
    },
    heard(height) {
      for (const member of members) member.hear(height)
    },
    setNetwork(name) {
      looks.setNetwork(name)
      queue.pump()
    },
    states: () => members.map((member) => member.state(clock.now())),
    async close() {
      stop.abort()
      queue.close()
      for (const cancel of releases) cancel()
      await Promise.allSettled(members.map(async ({ node, looking }) => (await looking, node.rpc.close())))
    },
  }
}
