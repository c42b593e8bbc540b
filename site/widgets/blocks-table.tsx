import { useModel, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { WireBlock } from '../../src/api/wire/v1.ts'
import { api } from '../api.ts'
import { toGrouped } from '../format/figure.ts'
import { toBlockTime } from '../format/time.ts'
import { createResource } from '../state/resource.ts'
import { Amount } from './figure.tsx'
import { Key } from './key.tsx'
import { Empty, Failed } from './states.tsx'
import { type Column, Table } from './table.tsx'
import { Utc } from './time.tsx'
import { Bones } from './transfers.tsx'

const PAGE = 50

const COLUMNS: readonly Column<WireBlock>[] = [
  {
    id: 'height',
    title: 'Block',
    number: true,
    sort: (block) => block.height,
    cell: (block) => (
      <>
        {block.switch && <span class="tag">switch</span>}{' '}
        <a href={`/blocks/${block.height}`}>{toGrouped(block.height)}</a>
      </>
    ),
  },
  { id: 'time', title: 'Time', wideOnly: true, cell: (block) => <Utc time={block.time} /> },
  {
    id: 'blockTime',
    title: 'After',
    number: true,
    wideOnly: true,
    sort: (block) => block.blockTime,
    cell: (block) => toBlockTime(block.blockTime),
  },
  {
    id: 'proposer',
    title: 'Proposer',
    wideOnly: true,
    sort: (block) => block.proposer,
    cell: (block) => <Key text={block.proposer} what="proposer's key" />,
  },
  {
    id: 'transactions',
    title: 'Transactions',
    number: true,
    sort: (block) => block.transactions.total,
    cell: ({ transactions }) => (
      <>
        {toGrouped(transactions.total)}
        {transactions.failed > 0 && <span class="quiet"> ({toGrouped(transactions.failed)} failed)</span>}
      </>
    ),
  },
  {
    id: 'volume',
    title: 'Transferred',
    number: true,
    sort: (block) => BigInt(block.transfers.volume),
    cell: (block) => <Amount motes={block.transfers.volume} copy={false} />,
  },
  {
    id: 'fees',
    title: 'Fees',
    number: true,
    wideOnly: true,
    sort: (block) => BigInt(block.fees),
    cell: (block) => <Amount motes={block.fees} copy={false} />,
  },
]

/** The blocks of one era, newest first, a page at a time. @param version changes when an open era has grown */
export function EraBlocks({ era, version }: { era: number; version: number }) {
  const query = { fromEra: String(era), toEra: String(era) }
  const shown = useSignal<readonly WireBlock[]>([])
  const failed = useSignal<Error | null>(null)
  /** Of the page after the oldest one shown; undefined before the first answer. */
  const next = useSignal<string | null | undefined>(undefined)
  const blocks = useModel(() =>
    createResource(async (signal) => {
      const answer = await api.ask(
        'listBlocks',
        { ...query, limit: String(PAGE) },
        { signal, revalidate: true },
      )
      // A later answer only adds newer blocks: what was opened below stays open.
      if (next.peek() === undefined) next.value = answer.next
      shown.value = mergeBlocks(shown.peek(), answer.data)
      return answer
    }),
  )
  useEffect(() => {
    if (blocks.data.peek() !== null) blocks.reload()
  }, [version])

  async function loadMore() {
    if (!next.value) return
    try {
      const answer = await api.ask('listBlocks', { ...query, limit: String(PAGE), cursor: next.value })
      shown.value = mergeBlocks(shown.peek(), answer.data)
      next.value = answer.next
      failed.value = null
    } catch (cause) {
      failed.value = cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  const answer = blocks.data.value
  const error = blocks.error.value
  const rows = shown.value
  return (
    <section class="card" aria-label="Blocks of this era">
      <header class="card-head">
        <div>
          <h2 class="card-title">Blocks</h2>
          <p class="quiet">
            {answer === null ? 'Newest first' : `${toGrouped(rows.length)} shown, newest first`}
          </p>
        </div>
        <div class="toolbar">
          <a
            class="button"
            href={api.address('listBlocks', { ...query, limit: '1000', format: 'csv' })}
            download
          >
            CSV
          </a>
        </div>
      </header>
      {error !== null && (
        <Failed what="The blocks" error={error} kept={answer !== null} onRetry={blocks.reload} />
      )}
      {answer === null ? (
        error === null && <Bones rows={8} />
      ) : rows.length === 0 ? (
        <Empty>No block of this era is stored yet.</Empty>
      ) : (
        <div class="scroll">
          <Table
            caption={`Blocks of era ${era}`}
            rows={rows}
            rowKey={(block) => block.height}
            columns={COLUMNS}
          />
        </div>
      )}
      {failed.value !== null && (
        <Failed what="More blocks" error={failed.value} onRetry={() => void loadMore()} />
      )}
      {next.value && failed.value === null && (
        <p class="more">
          <button type="button" class="button" onClick={() => void loadMore()}>
            Show {PAGE} more
          </button>
        </p>
      )}
    </section>
  )
}

/** Newest first, each height once. */
function mergeBlocks(known: readonly WireBlock[], answer: readonly WireBlock[]): WireBlock[] {
  const all = new Map([...known, ...answer].map((block) => [block.height, block]))
  return [...all.values()].sort((a, b) => b.height - a.height)
}
