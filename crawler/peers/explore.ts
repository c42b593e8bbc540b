import type { Said } from '../../src/domain/peer.ts'
import type { Ms } from '../../src/domain/time.ts'
import { parseAddress } from './address.ts'
import type { Status } from './status.ts'
import { type Failure, VisitError } from './visit.ts'

export interface ExploreOptions {
  readonly allowPrivate: boolean
  /** Visits from one of our nodes, at most so many steps away. */
  readonly depth: number
  /** Addresses in all. Those told first are kept: whoever tells too many shuts out only whom he could have told. */
  readonly most: number
  readonly atOnce: number
  /** For all visits together; who was not reached by then counts as silent. */
  readonly totalMs: Ms
}

export interface Exploration {
  /** Peers that one of our nodes tells of, and others that answered; nearest first. */
  readonly found: ReadonlyMap<string, Said | null>
  readonly visited: number
  /** Told words that are no address to visit. */
  readonly refused: number
  readonly failures: ReadonlyMap<Failure, number>
}

/**
 * Visits peers breadth first, each address once. What a stranger tells of is worth a visit, but no more: a peer that none
 * of our nodes is connected to counts when it answers.
 * @param told what our own nodes tell
 * @param visit throws `VisitError`
 * @throws the reason of `signal` when that aborts
 */
export async function explore(
  told: readonly unknown[],
  visit: (address: string, signal: AbortSignal) => Promise<Status>,
  options: ExploreOptions,
  signal: AbortSignal,
): Promise<Exploration> {
  const late = AbortSignal.timeout(options.totalMs)
  const both = AbortSignal.any([signal, late])
  const known = new Set<string>()
  const found = new Map<string, Said | null>()
  const failures = new Map<Failure, number>()
  let visited = 0
  let refused = 0

  /** The addresses that are new. */
  function admit(words: readonly unknown[]): string[] {
    const fresh: string[] = []
    for (const word of words) {
      const address = parseAddress(word, options.allowPrivate)
      if (address === null) refused++
      else if (!known.has(address) && known.size < options.most) {
        known.add(address)
        fresh.push(address)
      }
    }
    return fresh
  }

  async function look(address: string): Promise<Status | Failure | null> {
    if (both.aborted) return null
    visited++
    try {
      return await visit(address, both)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof VisitError) return error.failure
      if (late.aborted) return null
      throw error
    }
  }

  let level = admit(told)
  for (const address of level) found.set(address, null)
  for (let depth = 0; depth < options.depth && level.length > 0; depth++) {
    const answers = await inParallel(level, options.atOnce, look)
    const next: string[] = []
    for (const [index, answer] of answers.entries()) {
      const address = level[index] as string
      if (answer === null) continue
      if (typeof answer === 'string') {
        failures.set(answer, (failures.get(answer) ?? 0) + 1)
        if (answer === 'other-network') found.delete(address)
        continue
      }
      found.set(address, answer.said)
      next.push(...admit(answer.told))
    }
    level = next
  }
  signal.throwIfAborted()
  return { found, visited, refused, failures }
}

/** Answers in the order of the questions, `atOnce` of them under way. */
async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  ask: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = []
  // One iterator for all: each takes the next one that nobody has.
  const queue = items.entries()
  const work = async () => {
    for (const [index, item] of queue) answers[index] = await ask(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
  return answers
}
