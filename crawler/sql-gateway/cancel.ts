/** Says that nobody waits for an answer any more. An AbortSignal does the same for five times the price. */
export interface Cancel {
  cancelled: boolean
  /** set by whoever is working on the request at the moment */
  onCancel: (() => void) | undefined
}

export function createCancel(): Cancel {
  return { cancelled: false, onCancel: undefined }
}

export function cancel(signal: Cancel): void {
  if (signal.cancelled) return
  signal.cancelled = true
  signal.onCancel?.()
}
