import type { AsOf } from '../api/wire/v1.ts'
import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
import { toIso } from '../domain/time.ts'
import type { Tip } from '../ports.ts'

/** The newest block that an answer reflects. */
export function toAsOf(tip: Tip): AsOf {
  const { height, eraId, time } = tip.checkpoint
  return { height, era: eraId, time: toIso(time) }
}

export function toAsOfBlock({ height, eraId, time }: Block): AsOf {
  return { height, era: eraId, time: toIso(time) }
}

/** An era that is over says nothing of later blocks; null while it is open. */
export function toAsOfEra({ id, endHeight, end }: Era): AsOf | null {
  return endHeight === null || end === null ? null : { height: endHeight, era: id, time: toIso(end) }
}
