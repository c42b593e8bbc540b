import { ProblemError, toProblem } from '../api/problem.ts'
import type { Era } from '../domain/era.ts'
import { MOTES_PER_CSPR, type Motes } from '../domain/motes.ts'

/** Whole CSPR in digits, nothing else: market-data sites read the body as a number. One exact division. */
export function toDigits(motes: Motes): string {
  return (motes / MOTES_PER_CSPR).toString()
}

/** @throws {ProblemError} where the network has no method: digits cannot say "unknown", and 0 would be believed */
export function toCirculating(era: Era): string {
  if (era.circulating === null) {
    throw supplyUnknown(
      `The circulating supply of era ${era.id} is not known: this network has no method for it.`,
    )
  }
  return toDigits(era.circulating.total)
}

/** @throws {ProblemError} where neither the node nor the sum can tell */
export function toTotal(supply: Motes | null, of: string): string {
  if (supply === null) throw totalUnknown(of)
  return toDigits(supply)
}

export function totalUnknown(of: string): ProblemError {
  return supplyUnknown(`The total supply ${of} is not known.`)
}

export function supplyUnknown(detail: string): ProblemError {
  return new ProblemError(toProblem('supply-unknown', detail))
}
