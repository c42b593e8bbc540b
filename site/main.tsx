import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/strip.css'
import './styles/ring.css'
import './styles/tile.css'
import './styles/card.css'
import './styles/chart.css'
import './styles/table.css'
import './styles/page.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { router } from './state/app.ts'
import { matchRoute } from './state/route.ts'

/** Links to pages of the site change the page, not the document; all others, and any with a modifier, are the browser's. */
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link || link.origin !== window.location.origin || link.target || link.hasAttribute('download')) return
  if (link.search !== '' || link.hash !== '' || matchRoute(link.pathname).page === 'missing') return
  event.preventDefault()
  router.go(link.pathname)
})

const root = document.getElementById('app')
if (root) render(<App />, root)
