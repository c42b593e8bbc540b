import { Overview } from './pages/overview.tsx'
import { router } from './state/app.ts'
import type { Route } from './state/route.ts'
import { Banner } from './widgets/banner.tsx'
import { Footer } from './widgets/footer.tsx'
import { Header } from './widgets/header.tsx'
import { lazy } from './widgets/lazy.tsx'
import { LiveStrip } from './widgets/live-strip.tsx'
import { BottomBar } from './widgets/sections.tsx'

const EraPage = lazy(() => import('./pages/era.tsx'))
const BlockPage = lazy(() => import('./pages/block.tsx'))
const NotFoundPage = lazy(() => import('./pages/not-found.tsx'))

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <Header />
      <LiveStrip />
      <Banner />
      <main id="main" class="wide main">
        <Page route={router.route.value} />
      </main>
      <Footer />
      <BottomBar />
    </>
  )
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'overview':
      return <Overview />
    case 'era':
      return <EraPage key={route.id} id={route.id} />
    case 'block':
      return <BlockPage key={route.id} id={route.id} />
    case 'missing':
      return <NotFoundPage what={`There is no page at ${route.path}`} />
  }
}
