import type { Ms } from '../../../src/domain/time.ts'
import type { RpcError } from '../rpc.ts'
import { type NodeReason, NoNodeError } from './contract.ts'
import type { Member, Obstacle } from './member.ts'

/** When nothing tells how long an obstacle lasts: a status may have changed by then. */
const USUAL_RETRY: Ms = 2_000
const SOONEST: Ms = 100

/** Why no node can answer, node by node, and when one may. */
export function toNobody(
  members: readonly Member[],
  now: Ms,
  toObstacle: (member: Member) => Obstacle | null = (member) => member.obstacle({}, now),
): NoNodeError {
  let refusal: RpcError | null = null
  let at = Number.POSITIVE_INFINITY
  const reasons = members.map((member): NodeReason => {
    const obstacle = toObstacle(member)
    refusal ??= obstacle?.refusal ?? null
    at = Math.min(at, obstacle ? (obstacle.until ?? now + USUAL_RETRY) : member.rest.until)
    const { kind, text } = obstacle ?? toPassing(member, now)
    return { host: member.host, kind, text }
  })
  return new NoNodeError(Math.max(at - now, SOONEST), reasons, refusal)
}

/** Why a node that could answer does not just now. */
function toPassing({ rest }: Member, now: Ms): Pick<Obstacle, 'kind' | 'text'> {
  const text = rest.last?.reason ?? 'did not answer'
  if (now >= rest.until) return { kind: 'failed', text }
  return { kind: 'paused', text: `${text}, asked again in ${((rest.until - now) / 1000).toFixed(1)} s` }
}
