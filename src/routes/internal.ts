import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { PURGE_GROUPS, type PurgeGroup } from '../api/policy.ts'
import { invalidParameter, ProblemError, toProblem } from '../api/problem.ts'
import type { Cache } from '../cache/cache.ts'
import { isSecret, toBearer } from '../lib/secret.ts'
import { PURGE_PATH } from '../middleware/methods.ts'
import type { Background } from '../ports.ts'

export interface InternalPorts {
  readonly cache: Cache
  readonly background: Background
  /** Answers that are kept in finished form. */
  readonly hots: { purge(groups: readonly PurgeGroup[]): void; clear(): void }
  /** Reads the headline entries again, so that no visitor pays for the miss. */
  readonly reload: () => Promise<unknown>
  readonly purgeToken: string | undefined
}

/** A crawler names four groups, an operator a few pages. */
const MAX_BODY = 65_536
const MAX_IDS = 500

const id = z.string().regex(/^\w[\w.:-]*(\/\w[\w.:-]*)*$/)
const order = z.strictObject({
  groups: z.array(z.enum(PURGE_GROUPS as [PurgeGroup, ...PurgeGroup[]])).default([]),
  drop: z.array(id).max(MAX_IDS).default([]),
})

/** The crawler's door: it says what changed, an operator which values to drop. */
export function createInternalRoutes(ports: InternalPorts): Hono {
  const { cache, background, hots, reload, purgeToken } = ports
  return new Hono().post(PURGE_PATH, async (context) => {
    authorize(context, purgeToken)
    const { groups, drop } = parseOrder(await readBody(context.req.raw))
    try {
      // The values first, or an answer made of old ones could be kept again; their tiers take their time.
      const purging = groups.length > 0 ? cache.purge(groups) : undefined
      hots.purge(groups)
      await purging
      if (drop.length > 0) await cache.drop(drop)
    } catch (cause) {
      // The announcer tries again; what could be dropped has been.
      const detail = 'Not every tier could be purged. Try again.'
      throw new ProblemError(toProblem('unavailable', detail), { headers: { 'Retry-After': '1' }, cause })
    } finally {
      if (drop.length > 0) hots.clear()
      background.run(reload())
    }
    return context.json({ groups, drop }, 200, { 'cache-control': 'no-store' })
  })
}

/** @throws {ProblemError} */
function authorize(context: Context, purgeToken: string | undefined): void {
  if (isSecret(toBearer(context.req.header('authorization') ?? null), purgeToken)) return
  const detail =
    purgeToken === undefined
      ? 'PURGE_TOKEN is not configured here, so that nobody may purge.'
      : 'This needs the header "Authorization: Bearer …" with the purge token.'
  throw new ProblemError(toProblem('unauthorized', detail), { headers: { 'WWW-Authenticate': 'Bearer' } })
}

async function readBody(request: Request): Promise<string> {
  const length = Number(request.headers.get('content-length') ?? 0)
  const text = length > MAX_BODY ? null : await request.text()
  if (text === null || text.length > MAX_BODY) {
    throw new ProblemError(toProblem('payload-too-large', `The body is longer than ${MAX_BODY} bytes.`))
  }
  return text
}

const ALLOWED = `an object {"groups": [${PURGE_GROUPS.map((group) => `"${group}"`).join(', ')}], "drop": ["blocks/12", …]}`

function parseOrder(text: string): z.output<typeof order> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalidParameter('body', text, ALLOWED)
  }
  const parsed = order.safeParse(value)
  if (!parsed.success) throw invalidParameter('body', value, ALLOWED)
  const { groups, drop } = parsed.data
  if (groups.length === 0 && drop.length === 0) throw invalidParameter('body', value, ALLOWED)
  return parsed.data
}
