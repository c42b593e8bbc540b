import { useMemo } from 'preact/hooks'
import { api } from '../api.ts'
import { eras, live, router } from '../state/app.ts'
import { ERAS_KEPT } from '../state/eras.ts'
import { Chart } from '../widgets/chart/chart.tsx'
import { PageHead } from '../widgets/page-head.tsx'
import { Failed } from '../widgets/states.tsx'
import { EraTransfers, WaitingTransfers } from '../widgets/transfers.tsx'
import { toStakePlot, toSupplyPlot, toTransactionsPlot } from './overview-plots.ts'
import { OverviewTiles } from './overview-tiles.tsx'

/** Is the network well, and what is it worth knowing now? */
export function Overview() {
  const known = eras.eras.value
  const error = eras.error.value
  const last = eras.last.value
  // The banner says then why there is nothing.
  const starting = live.status.value?.mode === 'starting'
  const plots = useMemo(
    () =>
      known.length === 0
        ? null
        : { transactions: toTransactionsPlot(known), stake: toStakePlot(known), supply: toSupplyPlot(known) },
    [known],
  )
  const csv = (fields: string) =>
    api.address('listEras', { limit: String(ERAS_KEPT), format: 'csv', fields: `id,start,end,${fields}` })
  const pick = (era: string) => router.go(`/eras/${era}`)

  return (
    <>
      <PageHead title="" unseen>
        Overview of the Casper Network
      </PageHead>
      {error !== null && !starting && (
        <Failed what="The eras" error={error} kept={known.length > 0} onRetry={eras.reload} />
      )}
      <OverviewTiles />
      <div class="grid">
        <div class="span-6">
          <Chart
            title="How busy is each era?"
            note="Transactions by kind, per era"
            plot={plots?.transactions ?? null}
            csv={csv('transactions')}
            onPick={pick}
          />
        </div>
        <div class="span-6">
          <Chart
            title="How does the supply change?"
            note="CSPR minted and burned, per era"
            plot={plots?.supply ?? null}
            csv={csv('supply')}
            onPick={pick}
          />
        </div>
        <div class="span-6">
          <Chart
            title="How much CSPR is staked?"
            note="Weight of the validator set in CSPR, per era"
            plot={plots?.stake ?? null}
            csv={csv('validators')}
            onPick={pick}
          />
        </div>
        <div class="span-6">
          {last === null ? <WaitingTransfers /> : <EraTransfers era={last.id} limit={6} brief />}
        </div>
      </div>
    </>
  )
}
