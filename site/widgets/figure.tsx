import { toCspr } from '../../src/domain/motes.ts'
import { toExactCspr, toGrouped, toShortCount, toShortCspr } from '../format/figure.ts'
import { Copy } from './copy.tsx'

/** An amount in short form; the exact one on hover, to screen readers, and when it is selected and copied. */
export function ShortAmount({ motes }: { motes: string | bigint }) {
  const value = BigInt(motes)
  const short = toShortCspr(value)
  return (
    <Short
      text={short.text}
      scale={short.scale}
      unit="CSPR"
      exact={toExactCspr(value)}
      plain={toCspr(value)}
    />
  )
}

export function ShortCount({ count, unit }: { count: number; unit: string }) {
  const short = toShortCount(count)
  return (
    <Short text={short.text} scale={short.scale} unit={unit} exact={toGrouped(count)} plain={String(count)} />
  )
}

interface ShortProps {
  text: string
  scale: string
  unit: string
  exact: string
  /** What a selection puts on the clipboard: digits without separators. */
  plain: string
}

function Short({ text, scale, unit, exact, plain }: ShortProps) {
  const full = unit ? `${exact} ${unit}` : exact
  function onCopy(event: ClipboardEvent) {
    event.clipboardData?.setData('text/plain', plain)
    event.preventDefault()
  }
  return (
    <data class="figure" value={plain} data-exact={full} onCopy={onCopy}>
      <span aria-hidden="true">
        {text}
        {scale && <span class="figure-scale"> {scale}</span>}
        {unit && <span class="figure-unit"> {unit}</span>}
      </span>
      <span class="unseen">{full}</span>
    </data>
  )
}

interface AmountProps {
  motes: string | bigint
  copy?: boolean
  /** A plus before what is above zero, for changes. */
  plus?: boolean
}

/** The exact amount, decimals quieter, with a button that copies it in motes. */
export function Amount({ motes, copy = true, plus = false }: AmountProps) {
  const value = BigInt(motes)
  const exact = toExactCspr(value)
  const cut = exact.search(/[^\d](?=\d{1,9}$)/)
  const decimals = value % 1_000_000_000n !== 0n
  return (
    <span class="amount">
      {copy && <Copy text={value.toString()} what="in motes" />}
      {plus && value > 0n && '+'}
      {decimals ? exact.slice(0, cut) : exact}
      {decimals && <span class="amount-decimals">{exact.slice(cut)}</span>}
      <span class="figure-unit"> CSPR</span>
    </span>
  )
}
