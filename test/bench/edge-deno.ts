import { createApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { createBackground } from '../../src/platform/deno/background.ts'
import { compress } from '../../src/platform/deno/compress.ts'
import { createAddressOf } from '../../src/platform/deno/conninfo.ts'
import { withGrownBuffers } from '../../src/platform/deno/write-buffer.ts'
import { createBenchStore, settings } from './edge-chain.ts'

/** Under Deno: the edge as `main.ts` puts it together, over arrays; or hello world. PORT, and WHAT of the two. */

const { PORT = '0', WHAT = 'edge' } = Deno.env.toObject()
const options = { port: Number(PORT), hostname: '127.0.0.1', onListen: () => {} }

if (WHAT === 'hello') {
  Deno.serve(options, () => new Response('hello world'))
} else {
  const app = createApp(
    {
      store: createBenchStore(),
      tiers: [],
      clock: { now: () => Date.now() },
      background: createBackground(),
      addressOf: createAddressOf('none'),
      write: (line) => console.error(line),
      means: { compress, canClone: true },
    },
    parseConfig(settings),
  )
  Deno.serve(options, withGrownBuffers(app.fetch))
}
