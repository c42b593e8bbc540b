import type { Ms } from '../domain/time.ts'

/** All places were taken for too long, or too many waited for one already. */
export class BusyError extends Error {
  readonly code = 'BUSY'
  override readonly name = 'BusyError'
}

export interface BulkheadOptions {
  /** Works under way at once. */
  readonly most: number
  readonly mostWaiting: number
  /** Longest wait for a place. */
  readonly patience: Ms
}

/** Keeps one kind of work from taking everything that all kinds share, as a ship's walls keep a leak in one room. */
export class Bulkhead {
  readonly #options: BulkheadOptions
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: BulkheadOptions) {
    this.#options = options
  }

  /** @throws {BusyError} and whatever `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#options.most) await this.#wait()
    else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // The place goes over to who waited longest.
      if (next === undefined) this.#running--
      else next()
    }
  }

  #wait(): Promise<void> {
    const { mostWaiting, patience } = this.#options
    if (this.#waiting.length >= mostWaiting) throw new BusyError('Too many wait already')
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(new BusyError(`No place within ${patience} ms`))
      }, patience)
      this.#waiting.push(enter)
    })
  }
}
