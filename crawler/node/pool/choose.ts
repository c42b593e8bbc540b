import type { Member } from './member.ts'

/**
 * The node with the lowest expected wait. It may be full: to wait for a quick node can be better than to use a slow one,
 * whose late answer would hold up all heights behind it. Statuses, asked of every node every few seconds, are measured too,
 * so that a node that became quicker is noticed without risking a question.
 * @param waiting questions that wait behind this one for the same nodes
 */
export function choose(members: readonly Member[], waiting: number): Member | null {
  let best: Member | null = null
  let least = Number.POSITIVE_INFINITY
  for (const member of members) {
    const wait = member.pace.expectedWait(member.isFull ? waiting : 0, member.slots)
    if (wait >= least) continue
    least = wait
    best = member
  }
  return best
}
