import { runAnnounce } from './catch-up/announce.ts'
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
const seconds = (otherwise: number) => parseNumbers('SECONDS', `${otherwise}`)[0] ?? otherwise

const SCENARIOS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  empty: (store) => runFlood({ name: 'empty blocks', transfers: 0, wanted: 4_000 }, store, seconds(15)),
  transfers: (store) =>
    runFlood({ name: 'five transfers a block', transfers: 5, wanted: 1_000 }, store, seconds(15)),
  era: runEra,
  curve: (store) =>
    runCurve(
      store,
      parseNumbers('SIZES', '0,1,2,5').map((millions) => millions * 1e6),
    ),
  tip: (store) => runTip(store, seconds(240)),
  memory: (store) => runMemory(store, seconds(900)),
  announce: (store) =>
    runAnnounce(store, parseNumbers('PACES', '2,1'), parseNumbers('BLOCKS', '120')[0] ?? 120),
}

function parseNumbers(name: 'SECONDS' | 'SIZES' | 'PACES' | 'BLOCKS', otherwise: string): number[] {
  const given = process.env[name] ?? otherwise
  const numbers = given.split(',').map(Number)
  if (numbers.every((number) => number >= 0)) return numbers
  return fail(
    `${name} is ${JSON.stringify(given)}, not a number or, for SIZES and PACES, several with commas.`,
  )
}

function fail(message: string): never {
  console.error(message)
  process.exit(64)
}

const asked = process.argv.length > 2 ? process.argv.slice(2) : ['empty', 'transfers', 'era']
for (const name of asked) {
  if (!Object.hasOwn(SCENARIOS, name)) {
    fail(`${JSON.stringify(name)} is no scenario; there are ${Object.keys(SCENARIOS).join(', ')}.`)
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
