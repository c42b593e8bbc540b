/** Time and the page's visibility, handed in so that tests own both. */
export interface Timers {
  now(): number
  /** Runs once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void
}

export interface Visibility {
  hidden(): boolean
  /** The result unsubscribes. */
  onChange(run: () => void): () => void
}

export interface Ports {
  readonly timers: Timers
  readonly visibility: Visibility
}

export const timers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const id = setTimeout(run, ms)
    return () => clearTimeout(id)
  },
}
