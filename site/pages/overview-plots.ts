import type { WireCounts, WireEra } from '../../src/api/wire/v1.ts'
import { toExactCspr, toGrouped, toPixels } from '../format/figure.ts'
import type { Plot, Series } from '../widgets/chart/series.ts'

/* What the overview's charts draw, from eras in ascending order. */

const KINDS: readonly (readonly [keyof WireCounts, string])[] = [
  ['transfers', 'Transfers'],
  ['staking', 'Staking'],
  ['wasm', 'Contracts'],
  ['burns', 'Burns'],
]

export function toTransactionsPlot(eras: readonly WireEra[]): Plot {
  const series = KINDS.map(([kind, name], index) => ({
    name,
    color: index + 1,
    points: eras.map((era) => era.transactions[kind]),
    texts: eras.map((era) => toGrouped(era.transactions[kind])),
  }))
  return frame('bar', eras, series)
}

export function toStakePlot(eras: readonly WireEra[]): Plot {
  const weights = eras.map((era) => era.validators.weight)
  return frame('line', eras, [toSeries("Validators' stake", 1, weights)])
}

/** Minted above zero, what left the supply below it. */
export function toSupplyPlot(eras: readonly WireEra[]): Plot {
  const fees = eras.map((era) => (era.supply.feesBurned ? negative(era.supply.fees) : '0'))
  const burned = eras.map((era) => negative(era.supply.burned))
  // What an era mints is known when it closes: until then there is nothing to draw, which is not zero.
  const minted = eras.map((era) => (era.open ? null : era.supply.minted))
  return frame('bar', eras, [
    toSeries('Minted', 3, minted),
    toSeries('Burned', 5, burned),
    toSeries('Fees burned', 2, fees),
  ])
}

function frame(kind: Plot['kind'], eras: readonly WireEra[], series: readonly Series[]): Plot {
  const open = eras.findIndex((era) => era.open)
  return { kind, labels: eras.map((era) => String(era.id)), series, open: open < 0 ? null : open }
}

function toSeries(name: string, color: number, amounts: readonly (string | null)[]): Series {
  return {
    name,
    color,
    points: amounts.map((amount) => (amount === null ? null : toPixels(BigInt(amount)))),
    texts: amounts.map((amount) => (amount === null ? null : `${toExactCspr(BigInt(amount))} CSPR`)),
  }
}

function negative(amount: string): string {
  return amount === '0' ? amount : `-${amount}`
}
