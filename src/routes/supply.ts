import { ProblemError, toProblem } from '../api/problem.ts'
import type { Era } from '../domain/era.ts'
import { MOTES_PER_CSPR, type Motes } from '../domain/motes.ts'
import { explainAbsence } from '../domain/supply/circulating.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { readHead } from '../read/head.ts'
import type { ReadPorts } from '../read/ports.ts'

/** Whole CSPR in digits, nothing else: market-data sites read the body as a number. One exact division. */
export function toDigits(motes: Motes): string {
  return (motes / MOTES_PER_CSPR).toString()
}

/**
 * @throws {ProblemError} with the reason where the network's method has no figure: digits cannot say "unknown", and 0
 * would be believed
 */
export function readCirculating(read: ReadPorts, era: Era): Soon<string> {
  if (era.circulating !== null) return toDigits(era.circulating.total)
  return andThen(readHead(read), (head) => {
    const reason = explainAbsence(head.value.head.tip?.network.name ?? '', era)
    throw supplyUnknown(
      `The circulating supply of era ${era.id} is not known: ${reason ?? 'it is yet to be computed'}.`,
    )
  })
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
