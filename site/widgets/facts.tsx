import type { ComponentChildren } from 'preact'

export type FactRow = readonly [name: string, value: ComponentChildren] | null

/** Names and values, one line each. null rows are left out. */
export function Facts({
  title,
  note,
  rows,
}: {
  title: string
  note?: ComponentChildren
  rows: readonly FactRow[]
}) {
  return (
    <section class="card facts-card" aria-label={title}>
      <header class="card-head">
        <div>
          <h2 class="card-title">{title}</h2>
          {note && <p class="quiet">{note}</p>}
        </div>
      </header>
      <dl class="facts">
        {rows.map(
          (row) =>
            row && (
              <div key={row[0]}>
                <dt>{row[0]}</dt>
                <dd>{row[1]}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}
