/** What runs under a signal: one listener on it for all, since an EventTarget compares each new one with all others. */
const running = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `stop` when the signal aborts. @returns takes it back */
export function onAbort(signal: AbortSignal, stop: () => void): () => void {
  let all = running.get(signal)
  if (all === undefined) {
    const created = new Set<() => void>()
    running.set(signal, created)
    signal.addEventListener('abort', () => created.forEach((one) => one()), { once: true })
    all = created
  }
  const stops = all
  stops.add(stop)
  return () => stops.delete(stop)
}
