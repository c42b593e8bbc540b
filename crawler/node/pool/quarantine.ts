import type { Ms } from '../../../src/domain/time.ts'

/** Of the first offence; doubled at each further one. */
export const QUARANTINE: Ms = 10 * 60_000
const LONGEST: Ms = 24 * 3_600_000

/** The time that a node is out after an answer that was proven false. */
export class Quarantine {
  until: Ms = 0
  times = 0
  reason = ''
  private readonly first: Ms

  constructor(first: Ms = QUARANTINE) {
    this.first = first
  }

  /** @returns whether this is a new offence: answers that were under way together are one */
  accuse(reason: string, now: Ms): boolean {
    if (now < this.until) return false
    this.times++
    this.reason = reason
    this.until = now + Math.min(this.first * 2 ** (this.times - 1), LONGEST)
    return true
  }
}
