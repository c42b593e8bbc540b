import { setTimeout as sleep } from 'node:timers/promises'
import type { ActiveFault } from './faults.ts'
import { halfOf, type Reply } from './http/reply.ts'
import { SERVER_ERROR, tooMany } from './rpc-reply.ts'

/** An answer the way the faults that struck the call want it: late by all of them, wrong by the first. */
export function toFaulty(reply: Reply, faults: readonly ActiveFault[]): Reply | Promise<Reply> {
  if (faults.length === 0) return reply
  let wrong = reply
  let delay = 0
  for (const fault of faults) {
    if (fault.kind === 'slow') delay += fault.ms
    else if (wrong === reply) wrong = makeWrong(reply, fault)
  }
  return delay > 0 ? sleep(delay, wrong, { ref: false }) : wrong
}

function makeWrong(reply: Reply, fault: ActiveFault): Reply {
  switch (fault.kind) {
    case 'rate-limit':
      return tooMany(fault.retryAfter ?? 1)
    case 'server-error':
      return SERVER_ERROR
    case 'malformed':
      return { ...reply, body: halfOf(reply.body) }
    case 'gone':
    case 'stall':
    case 'truncate':
      return { ...reply, breaksOff: fault.kind }
    default:
      return reply
  }
}
