import type { Hono } from 'hono'
import { createRoutes, type RoutePorts } from './route.ts'

/** Says that the edge answers. Whether store and crawler are well is told by `/v1/status`. */
export function createHealthRoutes({ answer, clock }: RoutePorts): Hono {
  return createRoutes(answer, {
    health: () => ({
      status: 200,
      type: 'text/plain',
      body: "I'm fine!",
      cacheClass: 'NEVER',
      tier: 'memory',
      stale: false,
      storedAt: clock.now(),
    }),
  })
}
