import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { router } from '../state/app.ts'

interface PageHeadProps {
  /** Of the document. */
  title: string
  children: ComponentChildren
  unseen?: boolean
}

/** The page's heading: names the document, and takes the focus after a move so that screen readers hear it. */
export function PageHead({ title, children, unseen = false }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title === '' ? 'Casper Metrics' : `${title} · Casper Metrics`
  }, [title])
  useEffect(() => {
    if (router.moves.peek() > 0) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1} class={unseen ? 'unseen' : 'page-title'}>
      {children}
    </h1>
  )
}
