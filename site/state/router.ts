import { signal } from '@preact/signals'
import { matchRoute, type Route } from './route.ts'

/** Where we are, kept with the address bar. */
export function createRouter(window: Window & typeof globalThis) {
  const route = signal<Route>(matchRoute(window.location.pathname))
  /** Counts moves, so that the new page can be announced and focused, the first one not. */
  const moves = signal(0)

  function show() {
    route.value = matchRoute(window.location.pathname)
    moves.value += 1
  }
  function go(path: string) {
    if (path !== window.location.pathname) window.history.pushState(null, '', path)
    show()
    window.scrollTo(0, 0)
  }

  window.addEventListener('popstate', show)
  return { route, moves, go }
}
