import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'theme'
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

/** The theme asked for, kept in this browser. `system` leaves the choice to the device. */
export function createTheme(root: HTMLElement, storage: Storage | null) {
  const theme = signal<Theme>(read(storage))
  effect(() => {
    const value = theme.value
    if (value === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = value
    try {
      if (value === 'system') storage?.removeItem(KEY)
      else storage?.setItem(KEY, value)
    } catch {
      // Storage may be full or forbidden: the choice then lasts for this visit.
    }
  })
  return {
    theme,
    turn() {
      theme.value = NEXT[theme.value]
    },
  }
}

function read(storage: Storage | null): Theme {
  try {
    const text = storage?.getItem(KEY)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch {
    return 'system'
  }
}
