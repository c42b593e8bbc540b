import { router } from '../state/app.ts'
import type { Route } from '../state/route.ts'
import { BlockIcon, EraIcon, OverviewIcon } from './icons.tsx'

interface Section {
  readonly page: Route['page']
  readonly href: string
  readonly title: string
  readonly icon: () => preact.JSX.Element
}

/** Only what exists; the header and the phone's bottom bar show the same. */
export const SECTIONS: readonly Section[] = [
  { page: 'overview', href: '/', title: 'Overview', icon: OverviewIcon },
  { page: 'era', href: '/eras/latest', title: 'Era', icon: EraIcon },
  { page: 'block', href: '/blocks/latest', title: 'Block', icon: BlockIcon },
]

/** Sections on a phone, in reach of the thumb. */
export function BottomBar() {
  return (
    <nav class="bottom-bar" aria-label="Sections">
      {SECTIONS.map(({ page, href, title, icon: Icon }) => (
        <a key={href} href={href} aria-current={page === router.route.value.page ? 'page' : undefined}>
          <Icon />
          {title}
        </a>
      ))}
    </nav>
  )
}
