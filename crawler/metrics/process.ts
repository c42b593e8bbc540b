import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Registry } from './registry.ts'

/** The delay shown is that of the last so many milliseconds: over the whole run one pause at its start would hide the rest. */
const WINDOW = 30_000

/** Memory, CPU time and event loop of this process. Names of the first ones are Prometheus' own for any process. */
export function defineProcess(registry: Registry): void {
  const startedAt = Date.now() / 1000 - process.uptime()
  registry.gauge('process_start_time_seconds', 'Start time since the unix epoch.', () => startedAt)
  registry.total('process_cpu_seconds_total', 'User and system CPU time spent.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  registry.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  registry.gauge('nodejs_heap_used_bytes', 'Memory of live and not yet collected objects.', () => {
    return process.memoryUsage().heapUsed
  })

  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  setInterval(() => delay.reset(), WINDOW).unref()
  registry.gauge('nodejs_event_loop_delay_seconds', 'Delay of the event loop over the last 30 s.', () =>
    ([0.5, 0.99, 1] as const).map((quantile) => ({
      labels: { quantile: String(quantile) },
      // It measures its own timer's period too, 20 ms of it.
      value: Math.max(0, (quantile === 1 ? delay.max : delay.percentile(quantile * 100)) / 1e9 - 0.02),
    })),
  )
}
