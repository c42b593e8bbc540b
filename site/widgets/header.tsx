import { router, theme } from '../state/app.ts'
import type { Theme } from '../state/theme.ts'
import { DarkIcon, LightIcon, LogoIcon, SystemIcon } from './icons.tsx'
import { SECTIONS } from './sections.tsx'

const THEMES: Readonly<Record<Theme, { icon: () => preact.JSX.Element; next: string }>> = {
  system: { icon: SystemIcon, next: 'light' },
  light: { icon: LightIcon, next: 'dark' },
  dark: { icon: DarkIcon, next: "the system's" },
}

export function Header() {
  return (
    <header class="header">
      <div class="header-inner wide">
        <a class="name" href="/">
          <LogoIcon />
          Casper Metrics
        </a>
        <nav class="sections" aria-label="Sections">
          {SECTIONS.map((section) => (
            <a
              key={section.href}
              href={section.href}
              aria-current={section.page === router.route.value.page ? 'page' : undefined}
            >
              {section.title}
            </a>
          ))}
        </nav>
        <ThemeButton />
      </div>
    </header>
  )
}

function ThemeButton() {
  const { icon: Icon, next } = THEMES[theme.theme.value]
  const label = `Theme: ${theme.theme.value}. Switch to ${next}`
  return (
    <button type="button" class="button-quiet" aria-label={label} title={label} onClick={theme.turn}>
      <Icon />
    </button>
  )
}
