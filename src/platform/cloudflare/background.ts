import { waitUntil } from 'cloudflare:workers'
import type { Background } from '../../ports.ts'

/**
 * Work goes on until it is done, for up to 30 seconds after the response. The module's `waitUntil` finds the request
 * by itself at each call: one that is handed over and remembered would be the first request's for ever.
 */
export const background: Background = {
  // Whoever starts work reports its failure; here it must only not be an unhandled rejection.
  run: (work) => waitUntil(work.catch(() => {})),
}
