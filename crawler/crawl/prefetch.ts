import { onAbort } from '../node/abort.ts'

/**
 * Results of `fetch` for consecutive heights, in order, with at most `ahead` of them under way or waiting. The first
 * failure ends the sequence at its height: the others are aborted and awaited, so that nothing runs on unseen.
 */
export async function* prefetch<T>(
  from: number,
  to: number,
  ahead: number,
  fetch: (height: number, signal: AbortSignal) => Promise<T>,
  outer: AbortSignal,
): AsyncGenerator<T, void, void> {
  // Not AbortSignal.any: Node looks through its sources whenever it is asked whether it is aborted, for each question.
  const controller = new AbortController()
  const { signal } = controller
  if (outer.aborted) controller.abort(outer.reason)
  const forget = onAbort(outer, () => controller.abort(outer.reason))
  const running: Promise<T>[] = []
  let next = from
  const fill = () => {
    while (running.length < ahead && next <= to) {
      const promise = fetch(next++, signal)
      // It is awaited in its turn; until then a failure must not count as unhandled.
      promise.catch(() => {})
      running.push(promise)
    }
  }
  try {
    for (fill(); running.length > 0; fill()) {
      const first = running[0] as Promise<T>
      const value = await first
      running.shift()
      fill()
      yield value
    }
  } finally {
    forget()
    controller.abort()
    await Promise.allSettled(running)
  }
}
