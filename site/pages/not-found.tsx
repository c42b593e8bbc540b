import { toGrouped } from '../format/figure.ts'
import { live } from '../state/app.ts'
import { PageHead } from '../widgets/page-head.tsx'

/** Says what is not there, and what is. */
export default function NotFoundPage({ what, detail }: { what: string; detail?: string }) {
  const tip = live.tip.value
  return (
    <section class="card not-found">
      <p class="not-found-code" aria-hidden="true">
        404
      </p>
      <PageHead title="Not found">{what}</PageHead>
      {detail && <p>{detail}</p>}
      <p>
        <a href="/">Overview</a> <a href="/eras/latest">Last completed era</a>{' '}
        {tip !== null && <a href={`/blocks/${tip.height}`}>Newest block {toGrouped(tip.height)}</a>}
      </p>
    </section>
  )
}
