import type { Ports, Visibility } from './ports.ts'
import { timers } from './ports.ts'

const visibility: Visibility = {
  hidden: () => document.hidden,
  onChange(run) {
    document.addEventListener('visibilitychange', run)
    return () => document.removeEventListener('visibilitychange', run)
  },
}

export const browser: Ports = { timers, visibility }
