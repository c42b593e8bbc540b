import { useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { toPercent, toPercentText } from '../format/figure.ts'
import { clock, eras, live } from '../state/app.ts'
import { EraRing } from './era-ring.tsx'
import { ShortAmount } from './figure.tsx'
import { Train } from './train.tsx'

/** What moves: the newest blocks, the open era, and the two figures that everything else is measured by. */
export function LiveStrip() {
  const supply = live.tip.value?.totalSupply ?? null
  const weight = eras.eras.value.at(-1)?.validators.weight ?? null
  const share = supply === null || weight === null ? null : toPercent(BigInt(weight), BigInt(supply))
  return (
    <section class="strip" aria-label="Live">
      <div class="strip-inner wide">
        <div class="strip-train">
          <Train />
        </div>
        <EraRing />
        <dl class="strip-facts">
          <div>
            <dt>Supply</dt>
            <dd>{supply === null ? '–' : <ShortAmount motes={supply} />}</dd>
          </div>
          <div>
            <dt>Staked</dt>
            <dd>{share === null ? '–' : toPercentText(share)}</dd>
          </div>
        </dl>
      </div>
      <Announcer />
    </section>
  )
}

/** Blocks arrive every few seconds: screen readers hear of one a minute, and of each era that closes. */
const ANNOUNCE_EVERY = 60_000

function Announcer() {
  const words = useSignal('')
  const saidAt = useRef(Number.NEGATIVE_INFINITY)
  useSignalEffect(() => {
    const tip = live.tip.value
    if (tip === null) return
    const now = clock.peek()
    if (!tip.switch && now - saidAt.current < ANNOUNCE_EVERY) return
    saidAt.current = now
    words.value = tip.switch
      ? `Era ${tip.era} closed with block ${tip.height}.`
      : `Newest block ${tip.height}.`
  })
  return (
    <p class="unseen" aria-live="polite">
      {words.value}
    </p>
  )
}
