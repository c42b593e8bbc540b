import { parseArgs } from 'node:util'
import { parseTime } from '../../../src/domain/time.ts'
import { exitWithParent } from '../../orphan.ts'
import { createFeed } from './feed.ts'
import { SAMPLE_SINCE } from './made-up.ts'

/* The feed of made-up prices as a program: `npm start` runs it beside the recorded node, and beside no other. */

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    since: { type: 'string' },
  },
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
exitWithParent(() => process.exit(0))

const since = values.since === undefined ? SAMPLE_SINCE : parseTime(values.since)
const feed = createFeed({ since, now: Date.now })
await feed.listen(Number(values.port), values.host)
console.log(
  JSON.stringify({ ready: true, prices: 'sample', url: feed.url, since: new Date(since).toISOString() }),
)
