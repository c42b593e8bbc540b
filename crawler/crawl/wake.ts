/** Lets the loop sleep until something may have happened: an event from a node, or a time. */
export class Wake {
  private waiting: (() => void) | null = null
  private isPending = false

  /** Something may have happened. Remembered if nobody is asleep. */
  notify(): void {
    if (this.waiting) this.waiting()
    else this.isPending = true
  }

  /** Resolves at the next `notify`, after `ms`, or when stopped; at once if there was one since the last sleep. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isPending || signal.aborted) {
      this.isPending = false
      return
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.waiting = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
      this.waiting = done
    })
  }
}
