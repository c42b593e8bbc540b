import type { WireEra } from '../../src/api/wire/v1.ts'
import { toGrouped, toPercent, toPercentText, toPixels, toShortCspr, toSigned } from '../format/figure.ts'
import { toDuration } from '../format/time.ts'
import { eras, live } from '../state/app.ts'
import type { EraEstimate } from '../state/estimate.ts'
import { ShortAmount, ShortCount } from '../widgets/figure.tsx'
import { Bone } from '../widgets/states.tsx'
import { type Change, Tile } from '../widgets/tile.tsx'

/** As many eras as a sparkline shows. */
const TREND = 36
const MOST_CELLS = 30

/** The six figures that say whether the network is well. */
export function OverviewTiles() {
  const closed = eras.closed.value
  const last = eras.last.value
  const tip = live.tip.value
  const before = closed.at(-2) ?? null
  const recent = closed.slice(-TREND)
  const asOf = last === null ? '' : `end of era ${toGrouped(last.id)}`
  const over = last === null ? '' : `in era ${toGrouped(last.id)}`
  const href = last === null ? '/eras/latest' : `/eras/${last.id}`
  const supply = tip?.totalSupply ?? last?.supply.total ?? null
  const weight = eras.eras.value.at(-1)?.validators.weight ?? last?.validators.weight ?? null
  const share = supply === null || weight === null ? null : toPercent(BigInt(weight), BigInt(supply))
  const versus = before === null ? '' : `vs era ${toGrouped(before.id)}`
  const none = 'not known'

  return (
    <section class="tiles" aria-label="Key figures">
      <Tile
        label="Total supply"
        href={href}
        figure={supply === null ? last === null ? null : none : <ShortAmount motes={supply} />}
        change={toChange(last?.supply.total, before?.supply.total, over)}
        trend={recent.map((era) => toPoint(era.supply.total))}
        asOf={tip === null ? asOf : `after block ${toGrouped(tip.height)}`}
      />
      <Tile
        label="Circulating supply"
        href={href}
        figure={
          last === null ? null : last.supply.circulating === null ? (
            none
          ) : (
            <ShortAmount motes={last.supply.circulating} />
          )
        }
        change={toChange(last?.supply.circulating, before?.supply.circulating, over)}
        trend={recent.map((era) => toPoint(era.supply.circulating))}
        asOf={asOf}
      />
      <Tile
        label="Validators' stake"
        href={href}
        figure={weight === null ? last === null ? null : none : <ShortAmount motes={weight} />}
        change={
          share === null ? null : { text: toPercentText(share), direction: 'same', over: 'of the supply' }
        }
        trend={recent.map((era) => toPoint(era.validators.weight))}
        asOf={
          last === null
            ? ''
            : `${toGrouped(last.validators.count ?? 0)} validators, era ${toGrouped(last.id)}`
        }
      />
      <EraTile />
      <Tile
        label="Transactions"
        href={href}
        figure={last === null ? null : <ShortCount count={last.transactions.total} unit="" />}
        change={toCountChange(last, before)}
        trend={recent.map((era) => era.transactions.total)}
        asOf={last === null ? '' : `${toGrouped(last.blocks)} blocks, era ${toGrouped(last.id)}`}
      />
      <Tile
        label="Rewards"
        href={href}
        figure={last === null ? null : <ShortAmount motes={last.rewards.total} />}
        change={toChange(last?.rewards.total, before?.rewards.total, versus)}
        trend={recent.map((era) => toPoint(era.rewards.total))}
        asOf={
          last === null
            ? ''
            : `${toGrouped(last.rewards.rewardedDelegators)} delegators, era ${toGrouped(last.id)}`
        }
      />
    </section>
  )
}

/** The open era: how far it is, and when it should close. */
function EraTile() {
  const open = eras.open.value
  const estimate = eras.estimate.value
  const percent = estimate === null ? null : Math.floor(estimate.progress * 100)
  return (
    <Tile
      label={open === null ? 'Open era' : `Era ${toGrouped(open.id)}`}
      href={open?.href ?? '/eras/current'}
      figure={percent === null ? null : `${percent} %`}
      change={
        estimate === null
          ? null
          : {
              text: estimate.left === 0 ? 'any moment' : `~${toDuration(estimate.msLeft)}`,
              direction: 'same',
              over: estimate.left === 0 ? 'now' : 'left',
            }
      }
      asOf={estimate === null ? '' : `block ${toGrouped(estimate.done)} of ~${toGrouped(estimate.expected)}`}
    >
      {estimate === null ? <Bone /> : <Cells estimate={estimate} />}
    </Tile>
  )
}

/** A cell for each block that is expected; with many, each cell stands for several. */
function Cells({ estimate }: { estimate: EraEstimate }) {
  const cells = Math.min(MOST_CELLS, estimate.expected)
  return (
    <div class="cells" aria-hidden="true">
      {Array.from({ length: cells }, (_, index) => (
        <span key={index} class={index < Math.ceil(estimate.progress * cells - 0.02) ? 'cell-done' : ''} />
      ))}
    </div>
  )
}

function toChange(
  now: string | null | undefined,
  before: string | null | undefined,
  over: string,
): Change | null {
  if (now == null || before == null) return null
  const difference = BigInt(now) - BigInt(before)
  if (difference === 0n) return { text: 'unchanged', direction: 'same', over }
  const { text, scale } = toShortCspr(difference)
  return {
    text: `${toSigned(text, difference < 0n)}${scale && ` ${scale}`} CSPR`,
    direction: difference < 0n ? 'down' : 'up',
    over,
  }
}

function toCountChange(last: WireEra | null, before: WireEra | null): Change | null {
  if (last === null || before === null) return null
  const difference = last.transactions.total - before.transactions.total
  const over = `vs era ${toGrouped(before.id)}`
  if (difference === 0) return { text: 'unchanged', direction: 'same', over }
  return {
    text: toSigned(toGrouped(Math.abs(difference)), difference < 0),
    direction: difference < 0 ? 'down' : 'up',
    over,
  }
}

function toPoint(amount: string | null): number | null {
  return amount === null ? null : toPixels(BigInt(amount))
}
