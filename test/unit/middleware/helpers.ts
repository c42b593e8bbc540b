import type { Reply } from '../../../src/lib/reply.ts'
import { START } from '../cache/helpers.ts'

export function toReply(parts: Partial<Reply> = {}): Reply {
  return {
    status: 200,
    type: 'application/json',
    body: '{"height":1}',
    cacheClass: 'PER_BLOCK',
    tier: 'store',
    stale: false,
    storedAt: START,
    ...parts,
  }
}

export function ask(path: string, init: RequestInit = {}): Request {
  return new Request(`https://casper.example${path}`, init)
}
