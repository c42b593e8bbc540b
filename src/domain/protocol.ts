import type { Hash } from './hash.ts'
import type { Ms } from './time.ts'

/** A protocol version, from the first block that shows it. */
export interface Protocol {
  readonly version: string
  readonly activationHeight: number
  readonly eraId: number
  readonly time: Ms
  readonly blockHash: Hash
}
