import { onAbort } from '../abort.ts'
import type { CasperNode } from '../node.ts'
import type { Member } from './member.ts'

/** How a question to one node ended. */
export type Outcome<T> = { readonly member: Member; readonly value: T } | Failure

export interface Failure {
  readonly member: Member
  readonly error: unknown
}

export interface Attempt<T> {
  /** Never rejects. The node's slot is free by then. */
  readonly done: Promise<Outcome<T>>
  abort(): void
}

/** Puts a question to a node whose slot was taken. @param release gives the slot back */
export function startAttempt<T>(
  member: Member,
  fn: (node: CasperNode, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  release: () => void,
): Attempt<T> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  if (signal.aborted) abort()
  const run = async (): Promise<Outcome<T>> => {
    const forget = onAbort(signal, abort)
    member.attempts.add(controller)
    try {
      return { member, value: await fn(member.node, controller.signal) }
    } catch (error) {
      return { member, error }
    } finally {
      forget()
      member.attempts.delete(controller)
      release()
    }
  }
  return { done: run(), abort }
}

/**
 * The first good outcome of an attempt and of the second one that `later` may start when it is late; the other is aborted.
 * When both fail, the last failure; `onFailure` is told of the one before.
 * @param later calls `start` once, or never. @returns takes it back
 */
export function firstGood<T>(
  first: Attempt<T>,
  later: (start: (second: Attempt<T>) => void) => () => void,
  onFailure: (failure: Failure) => void,
): Promise<Outcome<T>> {
  return new Promise((resolve, reject) => {
    const live = new Set<Attempt<T>>()
    const add = (attempt: Attempt<T>) => {
      live.add(attempt)
      attempt.done.then((outcome) => {
        live.delete(attempt)
        if ('error' in outcome && live.size > 0) return onFailure(outcome)
        cancel()
        for (const other of live) other.abort()
        resolve(outcome)
      }, reject)
    }
    let cancel = () => {}
    add(first)
    cancel = later(add)
  })
}
