import type { CrawlOptions } from './options.ts'

/** Heights around a fault that are committed one by one. */
const AROUND = 64

/**
 * Care around a height where blocks did not fit together. Which of two is false shows when each stands on what is stored
 * and is asked for its own signatures, which is what a commit of one block does.
 */
export class Care {
  private until = -1

  take(height: number): void {
    this.until = Math.max(this.until, height + AROUND)
  }

  /** The options for a run that begins at a height. */
  apply(options: CrawlOptions, from: number): CrawlOptions {
    if (from > this.until) return options
    return { ...options, ahead: Math.min(options.ahead, 4), maxBlocks: 1 }
  }
}
