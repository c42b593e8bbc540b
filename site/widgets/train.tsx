import { useComputed, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { WireBlock } from '../../src/api/wire/v1.ts'
import { toGrouped } from '../format/figure.ts'
import { toBlockTime, toDuration, toUtc } from '../format/time.ts'
import { clock, live } from '../state/app.ts'
import { median } from '../state/estimate.ts'
import { TRAIN_LENGTH, toStandstill } from '../state/live.ts'
import { Dot } from './key.tsx'
import { Bone } from './states.tsx'
import { Ago } from './time.tsx'

const SLIDE = 200

/** The last blocks as cars, newest at the right, and the place of the next one. */
export function Train() {
  const track = useRef<HTMLOListElement>(null)
  const blocks = live.blocks.value
  const fullest = Math.max(1, ...blocks.map((block) => block.transactions.total))
  useSlide(track)
  return (
    <ol class="train" ref={track} aria-label="Newest blocks, oldest first">
      {blocks.length === 0
        ? Array.from({ length: TRAIN_LENGTH }, (_, index) => <EmptyCar key={index} />)
        : [...blocks].reverse().map((block) => <Car key={block.hash} block={block} fullest={fullest} />)}
      <NextCar />
    </ol>
  )
}

function Car({ block, fullest }: { block: WireBlock; fullest: number }) {
  const { transactions, transfers } = block
  const fill = { '--fill': transactions.total / fullest }
  return (
    <li class={block.switch ? 'car car-switch' : 'car'} style={fill}>
      <p class="car-head">
        <a href={`/blocks/${block.height}`}>{toGrouped(block.height)}</a>
        <span class="car-age">
          <Ago time={block.time} />
        </span>
      </p>
      <p class="car-line">
        {toGrouped(transfers.count)} {transfers.count === 1 ? 'transfer' : 'transfers'}
      </p>
      <p class="car-line quiet">
        {block.switch ? (
          <span class="car-tag">closes era {toGrouped(block.era)}</span>
        ) : (
          <>
            <Dot of={block.proposer} /> {toGrouped(transactions.total)} tx · {toBlockTime(block.blockTime)}
          </>
        )}
      </p>
    </li>
  )
}

function EmptyCar() {
  return (
    <li class="car" aria-hidden="true">
      <p class="car-head">
        <Bone width="60%" />
      </p>
      <p class="car-line">
        <Bone width="80%" />
      </p>
      <p class="car-line">
        <Bone width="40%" />
      </p>
    </li>
  )
}

/** The block that is due: when, by the usual time between the last ones. */
function NextCar() {
  const usual = useComputed(() => median(live.blocks.value.flatMap((block) => block.blockTime ?? [])))
  const tip = live.tip.value
  const wait = tip === null || usual.value === null ? null : Date.parse(tip.time) + usual.value - clock.value
  const still = toStandstill(live.movedAt.value, usual.value, clock.value)
  const due = tip === null || usual.value === null ? '' : toUtc(Date.parse(tip.time) + usual.value)
  return (
    <li class="car car-next" title={due && `Expected at ${due}`}>
      <p class="car-head">
        {tip === null ? '–' : toGrouped(tip.height + 1)}
        <span class="pulse" aria-hidden="true" />
      </p>
      <p class="car-line quiet">{still === null ? 'next block' : 'stands still'}</p>
      <p class="car-line quiet">{still === null ? toWaiting(wait) : `for ${toDuration(still)}`}</p>
    </li>
  )
}

function toWaiting(wait: number | null): string {
  if (wait === null) return ' '
  return wait >= 1000 ? `in ~${toDuration(wait)}` : 'due'
}

/** When a block arrives the whole train moves one car on; never at first sight, never for those who want no motion. */
function useSlide(track: { current: HTMLOListElement | null }) {
  const shown = useRef<number | null>(null)
  useSignalEffect(() => {
    const height = live.tip.value?.height ?? null
    const before = shown.current
    shown.current = height
    if (height === null || before === null || height <= before) return
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    queueMicrotask(() => {
      const list = track.current
      const car = list?.querySelector<HTMLElement>('.car')
      if (!list || !car) return
      const shift = Math.min(3, height - before) * (car.offsetWidth + 8)
      list.animate([{ transform: `translateX(${shift}px)` }, { transform: 'none' }], {
        duration: SLIDE,
        easing: 'ease-out',
      })
    })
  })
}
