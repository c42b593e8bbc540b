import { useModel } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { WireTransfer } from '../../src/api/wire/v1.ts'
import { api } from '../api.ts'
import { toGrouped } from '../format/figure.ts'
import { createResource } from '../state/resource.ts'
import { Amount } from './figure.tsx'
import { Key } from './key.tsx'
import { Bone, Empty, Failed } from './states.tsx'
import { type Column, Table } from './table.tsx'

const BLOCK: Column<WireTransfer> = {
  id: 'block',
  title: 'Block',
  number: true,
  sort: (transfer) => transfer.block,
  cell: (transfer) => <a href={`/blocks/${transfer.block}`}>{toGrouped(transfer.block)}</a>,
}
const FROM: Column<WireTransfer> = {
  id: 'from',
  title: 'From',
  cell: ({ from, fromKey }) => <Key text={fromKey ?? from} what={fromKey ? 'public key' : 'account hash'} />,
}
const TO: Column<WireTransfer> = {
  id: 'to',
  title: 'To',
  cell: ({ to, toKey, target }) => (
    <Key text={toKey ?? to ?? target} what={toKey ? 'public key' : to ? 'account hash' : 'purse'} />
  ),
}
const AMOUNT: Column<WireTransfer> = {
  id: 'amount',
  title: 'Amount',
  number: true,
  sort: (transfer) => BigInt(transfer.amount),
  cell: (transfer) => <Amount motes={transfer.amount} />,
}
const TRANSACTION: Column<WireTransfer> = {
  id: 'transaction',
  title: 'Transaction',
  wideOnly: true,
  cell: (transfer) => <Key text={transfer.transaction} what="transaction hash" />,
}

const BRIEF = [AMOUNT, FROM, TO, BLOCK]
const ALL = [...BRIEF, TRANSACTION]

export function TransferTable({
  transfers,
  caption,
}: {
  transfers: readonly WireTransfer[]
  caption: string
}) {
  return <Table caption={caption} rows={transfers} rowKey={(transfer) => transfer.id} columns={ALL} />
}

interface EraTransfersProps {
  era: number
  limit: number
  /** Changes when an open era has grown. */
  version?: number
  /** Without the columns that a half-wide card has no room for. */
  brief?: boolean
}

/** An era's largest transfers. When the era changes, the old ones stay until the new ones are there. */
export function EraTransfers({ era, limit, version = 0, brief = false }: EraTransfersProps) {
  const wanted = useRef(era)
  wanted.current = era
  const transfers = useModel(() =>
    createResource(async (signal) => {
      const id = wanted.current
      const query = { id: String(id), limit: String(limit) }
      return { id, rows: (await api.ask('listEraTransfers', query, { signal, revalidate: true })).data }
    }),
  )
  useEffect(() => {
    if (transfers.data.peek() !== null) transfers.reload()
  }, [era, version])
  const answer = transfers.data.value
  const shown = answer?.id ?? era
  const error = transfers.error.value
  const caption = `Largest transfers of era ${toGrouped(shown)}`
  const csv = api.address('listEraTransfers', { id: String(shown), limit: '200', format: 'csv' })
  return (
    <section class="card" aria-label={caption}>
      <header class="card-head">
        <div>
          <h2 class="card-title">{brief ? 'What large sums moved?' : 'Largest transfers'}</h2>
          <p class="quiet">
            {brief ? (
              <>
                Largest transfers of <a href={`/eras/${shown}`}>era {toGrouped(shown)}</a>
              </>
            ) : (
              `At most ${limit}, largest first`
            )}
          </p>
        </div>
        <div class="toolbar">
          <a class="button" href={csv} download>
            CSV
          </a>
        </div>
      </header>
      {error !== null && (
        <Failed what="The transfers" error={error} kept={answer !== null} onRetry={transfers.reload} />
      )}
      {answer === null ? (
        error === null && <Bones rows={brief ? limit : 8} />
      ) : answer.rows.length === 0 ? (
        <Empty>Nothing was transferred in this era.</Empty>
      ) : (
        <div class="scroll">
          <Table
            caption={caption}
            rows={answer.rows}
            rowKey={(transfer) => transfer.id}
            columns={brief ? BRIEF : ALL}
          />
        </div>
      )}
    </section>
  )
}

/** The card before it is known which era is the last one. */
export function WaitingTransfers() {
  return (
    <section class="card" aria-label="Largest transfers">
      <header class="card-head">
        <div>
          <h2 class="card-title">What large sums moved?</h2>
          <p class="quiet">Largest transfers of the last era</p>
        </div>
      </header>
      <Bones rows={6} />
    </section>
  )
}

export function Bones({ rows }: { rows: number }) {
  return (
    <div class="bones">
      {Array.from({ length: rows }, (_, index) => (
        <Bone key={index} height="20px" />
      ))}
    </div>
  )
}
