import { useModel } from '@preact/signals'
import type { WireBlock } from '../../src/api/wire/v1.ts'
import { api } from '../api.ts'
import { ApiError } from '../client.ts'
import { toGrouped } from '../format/figure.ts'
import { toBlockTime } from '../format/time.ts'
import { live } from '../state/app.ts'
import { createResource } from '../state/resource.ts'
import { Facts } from '../widgets/facts.tsx'
import { Amount } from '../widgets/figure.tsx'
import { DoneIcon } from '../widgets/icons.tsx'
import { Key } from '../widgets/key.tsx'
import { PageHead } from '../widgets/page-head.tsx'
import { Pager } from '../widgets/pager.tsx'
import { Empty, Failed } from '../widgets/states.tsx'
import { Utc } from '../widgets/time.tsx'
import { Bones, TransferTable } from '../widgets/transfers.tsx'
import NotFoundPage from './not-found.tsx'

/** What a block holds, and what was verified before it was stored. @param id height, hash or `latest` */
export default function BlockPage({ id }: { id: string }) {
  const block = useModel(() =>
    createResource((signal) => api.ask('getBlock', { id }, { signal, revalidate: true })),
  )
  const known = block.data.value
  const error = block.error.value
  if (known !== null) return <Known block={known} />
  if (error === null) {
    return (
      <>
        <PageHead title={`Block ${id}`}>Block</PageHead>
        <div class="card">
          <Bones rows={14} />
        </div>
      </>
    )
  }
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
    return <NotFoundPage what={`Block ${id} is not here`} detail={error.detail} />
  }
  return <Failed what={`Block ${id}`} error={error} onRetry={block.reload} />
}

function Known({ block }: { block: WireBlock }) {
  const newest = Math.max(block.height, live.tip.value?.height ?? 0)
  const { transactions, transfers } = block
  return (
    <>
      <header class="page-head">
        <div>
          <PageHead title={`Block ${block.height}`}>
            Block {toGrouped(block.height)} {block.switch && <span class="tag tag-live">switch</span>}
          </PageHead>
          <p class="quiet">
            <Utc time={block.time} />,{' '}
            {block.blockTime === null
              ? 'the first block'
              : `${toBlockTime(block.blockTime)} after the block before`}{' '}
            · era <a href={`/eras/${block.era}`}>{toGrouped(block.era)}</a> ·{' '}
            <a href={api.address('getBlock', { id: String(block.height) })}>JSON</a>
          </p>
        </div>
        <Pager
          what="block"
          previous={
            block.height > 0
              ? { href: `/blocks/${block.height - 1}`, text: toGrouped(block.height - 1) }
              : null
          }
          next={
            block.height < newest
              ? { href: `/blocks/${block.height + 1}`, text: toGrouped(block.height + 1) }
              : null
          }
          end="newest"
        />
      </header>
      <div class="grid">
        <div class="span-7">
          <Facts
            title="Identity"
            note={<Verified block={block} />}
            rows={[
              ['Hash', <Key key="hash" text={block.hash} what="block hash" whole />],
              [
                'Parent',
                block.height === 0 ? (
                  'none: this is genesis'
                ) : (
                  <Key
                    key="parent"
                    text={block.parentHash}
                    what="parent hash"
                    href={`/blocks/${block.height - 1}`}
                    whole
                  />
                ),
              ],
              ['State root', <Key key="state" text={block.stateRootHash} what="state root hash" whole />],
              ['Proposer', <Key key="proposer" text={block.proposer} what="proposer's key" whole />],
              ['Made by', `protocol ${block.protocolVersion}, ${block.generation}.x`],
              ['Gas price', toGrouped(block.gasPrice)],
            ]}
          />
        </div>
        <div class="span-5">
          <Facts
            title="Contents"
            rows={[
              ['Transactions', toGrouped(transactions.total)],
              [
                'By kind',
                `${transactions.transfers} transfers, ${transactions.staking} staking, ${transactions.wasm} contracts, ${transactions.burns} burns`,
              ],
              ['Failed, of all these', toGrouped(transactions.failed)],
              ['Transfers that moved CSPR', toGrouped(transfers.count)],
              ['Volume', <Amount key="volume" motes={transfers.volume} />],
              ['Fees', <Amount key="fees" motes={block.fees} />],
              ['Burned', <Amount key="burned" motes={block.burned} />],
              [
                'Total supply after it',
                block.totalSupply === null ? 'not known' : <Amount key="supply" motes={block.totalSupply} />,
              ],
            ]}
          />
        </div>
        <div class="span-12">
          <BlockTransfers key={block.height} height={block.height} />
        </div>
      </div>
    </>
  )
}

const CHECKS = [
  ['blockHash', 'block hash recomputed'],
  ['bodyHash', 'body hash recomputed'],
  ['parent', 'follows its parent'],
] as const

function Verified({ block }: { block: WireBlock }) {
  return (
    <span class="checks">
      {CHECKS.map(
        ([name, words]) =>
          block.verified[name] && (
            <span key={name} class="check">
              <DoneIcon /> {words}
            </span>
          ),
      )}
    </span>
  )
}

function BlockTransfers({ height }: { height: number }) {
  const query = { id: String(height) }
  const transfers = useModel(() =>
    createResource((signal) => api.ask('listBlockTransfers', query, { signal })),
  )
  const answer = transfers.data.value
  const error = transfers.error.value
  return (
    <section class="card" aria-label="Transfers">
      <header class="card-head">
        <div>
          <h2 class="card-title">Transfers</h2>
          <p class="quiet">In the order in which they happened</p>
        </div>
        <div class="toolbar">
          <a class="button" href={api.address('listBlockTransfers', { ...query, format: 'csv' })} download>
            CSV
          </a>
        </div>
      </header>
      {error !== null && <Failed what="The transfers" error={error} onRetry={transfers.reload} />}
      {answer === null ? (
        error === null && <Bones rows={3} />
      ) : answer.data.length === 0 ? (
        <Empty>This block moved no CSPR between purses.</Empty>
      ) : (
        <div class="scroll">
          <TransferTable transfers={answer.data} caption={`Transfers of block ${height}`} />
        </div>
      )}
    </section>
  )
}
