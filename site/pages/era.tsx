import { useModel, useSignalEffect } from '@preact/signals'
import type { WireEra } from '../../src/api/wire/v1.ts'
import { api } from '../api.ts'
import { ApiError } from '../client.ts'
import { toGrouped } from '../format/figure.ts'
import { toDuration } from '../format/time.ts'
import { live } from '../state/app.ts'
import { createResource } from '../state/resource.ts'
import { EraBlocks } from '../widgets/blocks-table.tsx'
import { PageHead } from '../widgets/page-head.tsx'
import { Pager } from '../widgets/pager.tsx'
import { Bone, Failed } from '../widgets/states.tsx'
import { Utc } from '../widgets/time.tsx'
import { Bones, EraTransfers } from '../widgets/transfers.tsx'
import { EraCounts, EraRewards, EraStake, EraSupply } from './era-parts.tsx'
import NotFoundPage from './not-found.tsx'

/** What happened in an era, and can it be verified? @param id as in the path: a number, `latest` or `current` */
export default function EraPage({ id }: { id: string }) {
  const era = useModel(() =>
    createResource((signal) => {
      // Between a switch block and the next one no era is open: the one that just closed stands in for it.
      const tip = live.tip.peek()
      const reference = id === 'current' && tip?.switch ? String(tip.era) : id
      return api.ask('getEra', { id: reference }, { signal, revalidate: true })
    }),
  )
  useSignalEffect(() => {
    // An open era grows with each block; a closed one never changes.
    const height = live.tip.value?.height
    const grows = id === 'current' || era.data.peek()?.open
    if (height !== undefined && grows && !era.loading.peek()) era.reload()
  })
  const known = era.data.value
  const newest = live.tip.value?.era ?? null
  const error = era.error.value
  if (known === null) {
    if (error === null) return <Waiting id={id} />
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
      const what = id === 'current' ? 'No era is open at this moment' : `Era ${id} is not here`
      return (
        <NotFoundPage what={what} detail={newest === null ? error.detail : `The newest era is ${newest}.`} />
      )
    }
    return <Failed what={`Era ${id}`} error={error} onRetry={era.reload} />
  }
  return (
    <>
      {error !== null && <Failed what={`Era ${known.id}`} error={error} kept onRetry={era.reload} />}
      <EraHead era={known} />
      <div class="grid">
        <div class="span-6 stack">
          <EraSupply era={known} />
          <EraStake era={known} />
        </div>
        <div class="span-6 stack">
          <EraCounts era={known} />
          <EraRewards era={known} />
        </div>
        <div class="span-12">
          <EraTransfers era={known.id} version={known.blocks} limit={20} />
        </div>
        <div class="span-12">
          <EraBlocks key={known.id} era={known.id} version={known.blocks} />
        </div>
      </div>
    </>
  )
}

function EraHead({ era }: { era: WireEra }) {
  const tip = live.tip.value
  const newest = tip === null ? era.id : tip.era
  const spent = era.end === null ? null : Date.parse(era.end) - Date.parse(era.start)
  return (
    <header class="page-head">
      <div>
        <PageHead title={`Era ${era.id}`}>
          Era {toGrouped(era.id)}{' '}
          <span class={era.open ? 'tag tag-live' : 'tag'}>{era.open ? 'open, so far' : 'closed'}</span>
        </PageHead>
        <p class="quiet">
          <Utc time={era.start} />
          {era.end !== null && (
            <>
              {' '}
              to <Utc time={era.end} />
            </>
          )}
          {spent !== null && `, ${toDuration(spent)}`} · protocol {era.protocolVersion} ·{' '}
          <a href={api.address('getEra', { id: String(era.id) })}>JSON</a>
        </p>
      </div>
      <Pager
        what="era"
        previous={era.id > 0 ? { href: `/eras/${era.id - 1}`, text: toGrouped(era.id - 1) } : null}
        next={era.id < newest ? { href: `/eras/${era.id + 1}`, text: toGrouped(era.id + 1) } : null}
        end="newest"
      />
    </header>
  )
}

function Waiting({ id }: { id: string }) {
  return (
    <>
      <header class="page-head">
        <div>
          <PageHead title={`Era ${id}`}>Era {id === 'latest' || id === 'current' ? '' : id}</PageHead>
          <p class="quiet">
            <Bone width="320px" />
          </p>
        </div>
      </header>
      <div class="grid">
        <div class="span-6 stack">
          <div class="card">
            <Bones rows={12} />
          </div>
        </div>
        <div class="span-6 stack">
          <div class="card">
            <Bones rows={12} />
          </div>
        </div>
      </div>
    </>
  )
}
