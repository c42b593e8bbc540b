import type { PartyWord, Seen } from './party-order.ts'

/** Ids in one statement, each of them twice: 20 characters, far below every packet limit. */
const AT_ONCE = 20_000

/**
 * Statements that note where a change last saw its parties; where a party was seen first is written with its row. Heights
 * only grow from commit to commit, and GREATEST keeps it so whatever is committed again.
 */
export function toSightings(
  seen: ReadonlyMap<PartyWord, Seen | null>,
  idOf: (word: PartyWord) => number,
): string[] {
  const lastById = new Map<number, number>()
  for (const [word, at] of seen) {
    if (at === null) continue
    const id = idOf(word)
    lastById.set(id, Math.max(at.last, lastById.get(id) ?? 0))
  }
  const ids = [...lastById.keys()].sort((a, b) => a - b)
  const statements: string[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    statements.push(toStatement(ids.slice(from, from + AT_ONCE), lastById))
  }
  return statements
}

/** By height and not by id: engines look an id up in a constant list quickly, and walk the arms of a CASE one by one. */
function toStatement(ids: readonly number[], lastById: ReadonlyMap<number, number>): string {
  const byHeight = Map.groupBy(ids, (id) => lastById.get(id) as number)
  const arms = Array.from(byHeight, ([height, those]) => `WHEN id IN (${those.join(',')}) THEN ${height}`)
  return (
    `UPDATE parties SET last_height = GREATEST(COALESCE(last_height, 0), CASE ${arms.join(' ')} END)` +
    ` WHERE id IN (${ids.join(',')})`
  )
}
