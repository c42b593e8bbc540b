import { runCurve } from './catch-up/curve.ts'
import { runEra } from './catch-up/era.ts'
import { runFlood } from './catch-up/flood.ts'
import { runMemory } from './catch-up/memory.ts'
import { runTip } from './catch-up/tip.ts'
import { openStore, type Store } from './store.ts'

/*
 * `npm run bench:catch-up [scenario…]`: the crawler against a generated node, each a process of its own, with MariaDB on
 * the same machine. Figures of a shared machine mean little by themselves: the ratios do, and processor time.
 */

/** How long is counted. Each scenario has a default. */
const seconds = (otherwise: number) => Number(process.env.SECONDS ?? otherwise)

/** Millions of blocks at which the curve is measured. */
const SIZES = (process.env.SIZES ?? '0,1,2,5').split(',').map((millions) => Number(millions) * 1e6)

const SCENARIOS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  empty: (store) => runFlood({ name: 'empty blocks', transfers: 0, wanted: 4_000 }, store, seconds(15)),
  transfers: (store) =>
    runFlood({ name: 'five transfers a block', transfers: 5, wanted: 1_000 }, store, seconds(15)),
  era: runEra,
  curve: (store) => runCurve(store, SIZES),
  tip: (store) => runTip(store, seconds(240)),
  memory: (store) => runMemory(store, seconds(900)),
}

const asked = process.argv.length > 2 ? process.argv.slice(2) : ['empty', 'transfers', 'era']
for (const name of asked) {
  if (!Object.hasOwn(SCENARIOS, name)) {
    console.error(`There is no scenario ${name}: ${Object.keys(SCENARIOS).join(', ')}.`)
    process.exit(64)
  }
}
for (const name of asked) {
  const store = await openStore()
  try {
    await SCENARIOS[name]?.(store)
  } finally {
    await store.remove()
  }
}
