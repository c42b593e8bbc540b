import { BUDGETS, type Budget, type BudgetName } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'
import { Bounded } from '../lib/bounded.ts'
import type { Background, Clock } from '../ports.ts'
import { toClientKey } from './client-key.ts'

/** A counter that all isolates share (Cloudflare's rate limiting binding). It may be slow and it may fail. */
export interface SharedLimiter {
  /** Counts one more; whether the client is still within its budget. */
  take(budget: BudgetName, client: string): Promise<boolean>
}

export interface Quota {
  readonly isAllowed: boolean
  /** Requests left in the window. */
  readonly remaining: number
  /** Whole seconds until the window ends, at least 1. */
  readonly resetAfter: number
}

export interface Limiter {
  /** Counts one request of a client, decided at once and from memory alone. */
  take(address: string, budget: BudgetName): Quota
}

export interface LimiterOptions {
  readonly budgets?: Readonly<Record<BudgetName, Budget>>
  /** Clients remembered at once; the least active are forgotten first, which only ever errs in their favour. */
  readonly maxClients?: number
}

export interface LimiterPorts {
  readonly clock: Clock
  readonly background: Background
  readonly shared?: SharedLimiter | undefined
}

/** One client's window of one budget. It begins with the client's first request, not with the clock's minute. */
interface Window {
  endsAt: Ms
  used: number
}

/**
 * One request in so many is counted with the shared limiter, whose own limit is that much lower (wrangler.toml): a
 * call for each would cost more than most answers do.
 */
export const SHARED_STRIDE = 10

export function createLimiter(options: LimiterOptions, { clock, background, shared }: LimiterPorts): Limiter {
  const { budgets = BUDGETS, maxClients = 50_000 } = options
  const windows = Object.fromEntries(
    Object.keys(budgets).map((name) => [name, new Bounded<Window>(Number.POSITIVE_INFINITY, maxClients)]),
  ) as Record<BudgetName, Bounded<Window>>

  async function askShared(budget: BudgetName, client: string, window: Window): Promise<void> {
    const { endsAt } = window
    // It only ever makes things stricter: when it fails, memory still decides.
    const isWithin = await shared?.take(budget, client).catch(() => true)
    // A late refusal is of a window that has ended.
    if (isWithin === false && window.endsAt === endsAt) window.used = budgets[budget].requests
  }

  return {
    take(address, budget) {
      const client = toClientKey(address)
      const { requests, window: seconds } = budgets[budget]
      const now = clock.now()
      let window = windows[budget].get(client)
      if (window === undefined) {
        window = { endsAt: now + seconds * 1_000, used: 0 }
        windows[budget].set(client, window, 0)
      } else if (now >= window.endsAt) {
        window.endsAt = now + seconds * 1_000
        window.used = 0
      }
      const resetAfter = Math.max(1, Math.ceil((window.endsAt - now) / 1_000))
      if (window.used >= requests) return { isAllowed: false, remaining: 0, resetAfter }
      if (shared && window.used % SHARED_STRIDE === 0) background.run(askShared(budget, client, window))
      window.used++
      return { isAllowed: true, remaining: requests - window.used, resetAfter }
    },
  }
}
