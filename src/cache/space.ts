import type { Cut } from '../domain/network.ts'

/** How far into the chain a value reaches. `{}` is not of the chain at all. */
export interface Reach {
  /** Last height that it tells of. */
  readonly height?: number
  /** Last era that it tells of. */
  readonly eraId?: number
}

/**
 * What durable keys of a value begin with. Each cut above which it reaches gives it another name, in all tiers of all
 * data centres at once: what was made before the cut is never read again, and history below it stays where it is.
 * @param reach absent: as far as the tip, so that any cut changes it
 */
export function toSpace(namespace: string, cuts: readonly Cut[], reach?: Reach): string {
  const lost = cuts.filter((cut) => isBeyond(cut, reach)).length
  return lost === 0 ? namespace : `${namespace}.${lost}`
}

function isBeyond(cut: Cut, reach: Reach | undefined): boolean {
  if (reach === undefined) return true
  const { height = -1, eraId = -1 } = reach
  return height > cut.height || eraId > cut.eraId
}
