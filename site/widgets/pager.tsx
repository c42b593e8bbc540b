import { NextIcon, PreviousIcon } from './icons.tsx'

interface PagerProps {
  what: string
  previous: { href: string; text: string } | null
  next: { href: string; text: string } | null
  /** Said in the next one's place when there is none. */
  end: string
}

/** One back, one on. */
export function Pager({ what, previous, next, end }: PagerProps) {
  return (
    <nav class="pager" aria-label={`Previous and next ${what}`}>
      {previous && (
        <a class="button" rel="prev" href={previous.href}>
          <PreviousIcon />
          <span class="unseen">Previous {what} </span>
          {previous.text}
        </a>
      )}
      {next ? (
        <a class="button" rel="next" href={next.href}>
          <span class="unseen">Next {what} </span>
          {next.text}
          <NextIcon />
        </a>
      ) : (
        <span class="quiet">{end}</span>
      )}
    </nav>
  )
}
