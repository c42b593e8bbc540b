import type { Hono } from 'hono'
import { createBlockRoutes } from './blocks.ts'
import { createEraRoutes } from './eras.ts'
import { createHealthRoutes } from './health.ts'
import { createPriceRoutes } from './prices.ts'
import type { RoutePorts } from './route.ts'
import { createStatusRoutes } from './status.ts'
import { createTransferRoutes } from './transfers.ts'
import { createV1BlockRoutes } from './v1-blocks.ts'
import { createV1EraRoutes } from './v1-eras.ts'
import { createV1PriceRoutes } from './v1-prices.ts'
import { createV1TransferRoutes } from './v1-transfers.ts'

/** A sub-app a noun; the app mounts each at its root. */
export function createRoutesOf(ports: RoutePorts): readonly Hono[] {
  return [
    createHealthRoutes(ports),
    createBlockRoutes(ports),
    createEraRoutes(ports),
    createTransferRoutes(ports),
    createPriceRoutes(ports),
    createStatusRoutes(ports),
    createV1BlockRoutes(ports),
    createV1EraRoutes(ports),
    createV1TransferRoutes(ports),
    createV1PriceRoutes(ports),
  ]
}
