import type { Era } from '../domain/era.ts'
import { count, record } from './pack.ts'
import { createPageCodec, type Layout, type Page, toPage } from './page.ts'
import { eraOfPage } from './records.ts'

export interface EraPageHead {
  readonly firstId: number
}

export type EraPage = Page<EraPageHead, Era>

const layout: Layout<EraPageHead, Era> = {
  version: 'e2',
  head: record({ firstId: count }),
  item: eraOfPage,
}

export const eraPageCodec = createPageCodec(layout)

/**
 * Consecutive eras, ascending.
 * @throws {RangeError} when an id is missing
 */
export function toEraPage(eras: readonly Era[]): EraPage {
  const first = eras[0]
  if (!first) throw new RangeError('A page of no eras')
  eras.forEach((era, index) => {
    if (era.id !== first.id + index) {
      throw new RangeError(`Era ${first.id + index} is missing before ${era.id}`)
    }
  })
  return toPage(layout, { firstId: first.id }, eras)
}

/** null when the page does not hold it. */
export function findEra(page: EraPage, id: number): Era | null {
  const index = id - page.head.firstId
  if (!(index >= 0 && index < page.count)) return null
  // Made for this caller: filled in in place.
  const found = page.at(index) as { -readonly [K in keyof Era]: Era[K] }
  found.id = id
  return found
}
