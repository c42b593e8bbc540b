import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { type Order, type SortValue, sortRows } from './sort.ts'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  /** Makes the column sortable. */
  readonly sort?: (row: Row) => SortValue
  readonly number?: boolean
  /** Left out on a phone, where a row is a card with the facts that matter. */
  readonly wideOnly?: boolean
}

interface TableProps<Row> {
  /** What the table holds, for screen readers. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
}

/** Sorted by its headers; a list of cards on a phone. Roles are spelled out, since `display` takes them away there. */
export function Table<Row>({ caption, columns, rows, rowKey }: TableProps<Row>) {
  const order = useSignal<Order | null>(null)
  const current = order.value
  const shown =
    current === null
      ? rows
      : sortRows(rows, columns.find((column) => column.id === current.id)?.sort, current.down)

  function turn(id: string) {
    order.value = current?.id === id ? { id, down: !current.down } : { id, down: true }
  }

  return (
    <table class="table" role="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.id}
              role="columnheader"
              scope="col"
              class={classOf(column)}
              aria-sort={current?.id !== column.id ? undefined : current.down ? 'descending' : 'ascending'}
            >
              {column.sort === undefined ? (
                column.title
              ) : (
                <button type="button" class="sort" onClick={() => turn(column.id)}>
                  {column.title}
                  <span class="sort-mark" aria-hidden="true">
                    {current?.id !== column.id ? '' : current.down ? '↓' : '↑'}
                  </span>
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {shown.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map((column) => (
              <td key={column.id} role="cell" class={classOf(column)} data-title={column.title}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function classOf<Row>(column: Column<Row>): string {
  return `${column.number ? 'number' : ''} ${column.wideOnly ? 'wide-only' : ''}`.trim()
}
