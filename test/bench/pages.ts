/*
 * What a request over closed history costs beside HTTP, in microseconds, part by part. Run it with the engine in
 * question: `node test/bench/pages.ts`, `deno run -A test/bench/pages.ts`.
 */
import { endpoints } from '../../src/api/endpoints.ts'
import { createParamsParser } from '../../src/api/parse-params.ts'
import { toCompatibleBlock } from '../../src/api/wire/to-compatible.ts'
import { createCache } from '../../src/cache/tiers.ts'
import { BLOCKS_PER_PAGE, findBlock, toBlockPage } from '../../src/read/block-page.ts'
import { toBlockText } from '../../src/read/block-text.ts'
import { readBlock, readFigures } from '../../src/read/blocks.ts'
import { findEra, toEraPage } from '../../src/read/era-page.ts'
import { readEra } from '../../src/read/eras.ts'
import { findFigures } from '../../src/read/figures.ts'
import { createBlockRoutes } from '../../src/routes/blocks.ts'
import { createArrayStore } from '../support/array-store.ts'
import { makeChain } from '../support/made-chain.ts'

const PAGES = 20
const ERA = 450
const eras = Math.ceil((PAGES * BLOCKS_PER_PAGE) / ERA) + 520
const chain = makeChain({ eras: [...Array(512).fill(1), ...Array(eras - 512).fill(ERA)] })
const heights = PAGES * BLOCKS_PER_PAGE
// Stands still: what is in memory stays fresh, and nothing is reloaded in the middle of a run.
const start = Date.now()
const clock = { now: () => start }
const read = {
  store: createArrayStore(chain),
  cache: createCache(
    { namespace: () => 'bench', memoryBytes: 256 * 1024 * 1024 },
    { tiers: [], clock, background: { run: () => {} } },
  ),
}
const page = toBlockPage(chain.blocks.slice(0, BLOCKS_PER_PAGE), null, chain.eras.slice(0, 514))
const eraPage = toEraPage(chain.eras.slice(0, 512))
console.log(`block page ${page.bytes.length} bytes, era page of 512 ${eraPage.bytes.length} bytes`)
for (let height = 0; height < heights; height += BLOCKS_PER_PAGE) await readBlock(read, height)
for (let id = 0; id < chain.eras.length; id += 16) await readEra(read, id)

const app = createBlockRoutes({
  read,
  clock,
  version: 'bench',
  answer: (_context, _endpoint, reply) => {
    if (reply instanceof Promise) throw new Error('Not answered from memory')
    return new Response(reply.body, { headers: { 'Content-Type': reply.type } })
  },
})

let sink = 0
function measure(name: string, work: (round: number) => unknown): void {
  const rounds = 100_000
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 5; run++) {
    const begin = performance.now()
    for (let round = 0; round < rounds; round++) if (work(round)) sink++
    best = Math.min(best, performance.now() - begin)
  }
  console.log(`${name.padEnd(34)} ${((best / rounds) * 1000).toFixed(2).padStart(7)} us`)
}

const at = (round: number) => (round * 7_919) % heights
const parse = createParamsParser(endpoints.getBlocks)
const urls = Array.from({ length: 4_096 }, (_, index) => `http://localhost/block?blockHeight=${at(index)}`)
const requests = urls.map((url) => new Request(url))
const era = chain.eras[3]!

measure('parse ?blockHeight', (round) => parse(urls[round & 4_095]!, {}))
measure('decode a block', (round) => findBlock(page, round & (BLOCKS_PER_PAGE - 1)))
measure('figures of a block', (round) => findFigures(page, round & (BLOCKS_PER_PAGE - 1)))
measure('decode an era', (round) => findEra(eraPage, round & 511))
measure('read a block through the cache', (round) => readBlock(read, at(round)))
measure('read figures through the cache', (round) => readFigures(read, at(round)))
measure('block by its objects to JSON', (round) =>
  JSON.stringify(toCompatibleBlock(chain.blocks[at(round)]!, 5, era)),
)
measure('figures to JSON', (round) => {
  const found = findFigures(page, round & (BLOCKS_PER_PAGE - 1))!
  return toBlockText(found.figures, era)
})
// A handler that throws is an error answer, not an exception: looked at once, before the clock runs.
const answered = await app.fetch(requests[0] as Request)
const [first] = (await answered.json()) as { blockHeight: number }[]
if (first?.blockHeight !== at(0)) throw new Error('Not answered')
measure('whole /block, Hono and Response', (round) => app.fetch(requests[round & 4_095]!))
const totals = urls.map((url) => new Request(url.replace('/block?', '/block/total?')))
measure('whole /block/total', (round) => app.fetch(totals[round & 4_095]!))
if (sink === 0) throw new Error('Nothing was done')
