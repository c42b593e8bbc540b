import { toDot, toDotShape, toShortKey } from '../format/key.ts'
import { Copy } from './copy.tsx'

const SHAPES = ['M1 1h8v8H1z', 'M5 0l5 5-5 5-5-5z', 'M5 .5 10 9.5H0z'] as const

/** The mark by which eyes know a key again: colour and shape from its bytes. */
export function Dot({ of }: { of: string }) {
  const shape = SHAPES[toDotShape(of) - 1]
  return (
    <svg class={`dot dot-${toDot(of)}`} viewBox="0 0 10 10" width="8" height="8" aria-hidden="true">
      {shape ? <path d={shape} /> : <circle cx="5" cy="5" r="5" />}
    </svg>
  )
}

interface KeyProps {
  text: string
  /** What it is, for the copy button: "block hash". */
  what: string
  href?: string
  /** Shown whole where there is room. */
  whole?: boolean
  copy?: boolean
}

/** A key or a hash: middle-shortened, with its dot; full on hover and to screen readers. */
export function Key({ text, what, href, whole = false, copy = true }: KeyProps) {
  const shown = (
    <>
      <span class="key-text" aria-hidden="true" title={text}>
        {whole ? text : toShortKey(text)}
      </span>
      <span class="unseen">{text}</span>
    </>
  )
  return (
    <span class={whole ? 'key key-whole' : 'key'}>
      <Dot of={text} />
      {href === undefined ? shown : <a href={href}>{shown}</a>}
      {copy && <Copy text={text} what={what} />}
    </span>
  )
}
