import { api } from '../api.ts'
import { toGrouped } from '../format/figure.ts'
import { live } from '../state/app.ts'
import { Ago } from './time.tsx'

/** Where the figures come from and how new they are. */
export function Footer() {
  const tip = live.tip.value
  const status = live.status.value
  return (
    <footer class="footer">
      <div class="wide footer-inner">
        <p>
          {tip === null ? (
            'Waiting for the newest block.'
          ) : (
            <>
              As of block <a href={`/blocks/${tip.height}`}>{toGrouped(tip.height)}</a>, era{' '}
              <a href={`/eras/${tip.era}`}>{toGrouped(tip.era)}</a>, <Ago time={tip.time} />
              {status && <> on {status.network}</>}.
            </>
          )}{' '}
          Read from the network's own nodes; each block's hash is recomputed before it is stored.
        </p>
        <nav class="footer-links" aria-label="API">
          <a href={api.address('listEras', {})}>Eras as JSON</a>
          <a href={api.address('listEras', { format: 'csv' })}>Eras as CSV</a>
          <a href={api.address('listBlocks', {})}>Blocks as JSON</a>
          <a href={api.address('status', {})}>Status</a>
          <span>{status ? `Version ${status.version}, ` : ''}MIT licence</span>
        </nav>
      </div>
    </footer>
  )
}
