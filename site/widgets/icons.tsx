import type { ComponentChildren } from 'preact'

/* Drawn for this site on a 16-pixel grid, in the text's colour. */

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {children}
    </svg>
  )
}

export const LogoIcon = () => (
  <svg class="logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <path class="logo-ring" d="M25.2 7.9A12 12 0 1 0 25.2 24.1" />
    <path class="logo-live" d="M16 4A12 12 0 0 1 25.2 7.9" />
    <path class="logo-bars" d="M11 21v-5M16 21V11M21 21v-8" />
  </svg>
)

export const OverviewIcon = () => (
  <Icon>
    <path d="M2.5 13.5v-4M8 13.5v-11M13.5 13.5v-7" />
  </Icon>
)

export const EraIcon = () => (
  <Icon>
    <path d="M8 2a6 6 0 1 0 6 6" />
    <path d="M8 5v3l2 2" />
  </Icon>
)

export const BlockIcon = () => (
  <Icon>
    <path d="M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v6" />
  </Icon>
)

export const CopyIcon = () => (
  <Icon>
    <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
  </Icon>
)

export const DoneIcon = () => (
  <Icon>
    <path d="m3 8.5 3.2 3.2L13 4.8" />
  </Icon>
)

export const LightIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1" />
  </Icon>
)

export const DarkIcon = () => (
  <Icon>
    <path d="M13.2 9.8A5.7 5.7 0 0 1 6.2 2.8a5.7 5.7 0 1 0 7 7z" />
  </Icon>
)

export const SystemIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.7" />
    <path class="icon-solid" d="M8 2.3a5.7 5.7 0 0 1 0 11.4z" />
  </Icon>
)

export const PreviousIcon = () => (
  <Icon>
    <path d="M10 3 5 8l5 5" />
  </Icon>
)

export const NextIcon = () => (
  <Icon>
    <path d="m6 3 5 5-5 5" />
  </Icon>
)
