import { type Log, toReason } from '../log.ts'
import { createLogPace, type LogPace } from '../log-pace.ts'
import { NoNodeError } from '../node/pool/contract.ts'
import { UndeclaredValidatorsError } from '../verify/trust.ts'
import { VerifyFault } from '../verify/verify.ts'
import { Care } from './care.ts'
import { WrongChainError } from './chain-check.ts'
import { toFacts } from './fetch.ts'
import { follow } from './follow.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import { Pulse } from './pulse.ts'

/**
 * Follows the chain until `signal` aborts. The only effects of running this are: commits to the store, a tail taken back
 * there when the network agrees on another, a heartbeat, announcements after commits, and log lines. Any failure is
 * waited out, but for two that waiting does not help: the next try begins from what the store then holds, so that a
 * commit of unknown outcome is never guessed about.
 * @throws {WrongChainError} store and nodes are of different chains
 * @throws {UndeclaredValidatorsError} no node is left that does not say so
 */
export async function crawl(options: CrawlOptions, ports: CrawlPorts, signal: AbortSignal): Promise<void> {
  const { wake, log } = ports
  const pulse = new Pulse(ports)
  const care = new Care()
  const said = createLogPace(ports.steady)
  let failures = 0
  let undeclared: UndeclaredValidatorsError | null = null
  const onProgress = () => {
    failures = 0
    undeclared = null
    if (said.end()) log.info('going on')
  }
  while (!signal.aborted) {
    try {
      await follow(options, ports, { pulse, care, onProgress }, signal)
      return
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof WrongChainError) throw error
      if (error instanceof UndeclaredValidatorsError) undeclared = error
      const pause = toPause(failures++)
      const isNobody = error instanceof NoNodeError
      if (isNobody && undeclared !== null) throw undeclared
      await pulse.ail(tell(log, said, error))
      await wake.sleep(isNobody ? Math.max(error.retryIn, pause) : pause, signal)
    }
  }
}

/** Logs what went wrong; what only waiting helps, not at every try. @returns it in a few words */
function tell(log: Log, said: LogPace, error: unknown): string {
  if (error instanceof VerifyFault) {
    log.error('block refused', toFacts(error))
    return `Block ${error.height} refused (${error.code})`
  }
  const reason = toReason(error)
  if (said.isDue(reason)) log.warn('trying again', { reason })
  return error instanceof NoNodeError ? toTrouble(error) : reason
}

/** What holds the crawl up, for readers of the status: an operating system's words could name hosts. */
function toTrouble({ reasons }: NoNodeError): string {
  const words = reasons.map(({ kind, text }) => (kind === 'quarantined' || kind === 'network' ? text : kind))
  return `no node can answer: ${[...new Set(words)].join('; ')}`
}

/** 0.2 s, doubled up to 15 s, and a random half on top so that crawlers do not fall into step. */
function toPause(failures: number): number {
  return Math.min(200 * 2 ** failures, 15_000) * (1 + Math.random() / 2)
}
