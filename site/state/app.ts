import { api } from '../api.ts'
import { browser } from './browser.ts'
import { createClock } from './clock.ts'
import { Eras } from './eras.ts'
import { Live } from './live.ts'
import { createRouter } from './router.ts'
import { createTheme } from './theme.ts'

/* What all pages share, made once when the site opens. */

export const clock = createClock(browser)
export const router = createRouter(window)
export const theme = createTheme(document.documentElement, readStorage())
export const live = new Live(api, browser)
export const eras = new Eras(api, browser.timers, live.tip)

/** Reading `localStorage` throws where the browser forbids it. */
function readStorage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
