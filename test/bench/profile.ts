import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { printTable } from './table.ts'

/*
 * `node test/bench/profile.ts FOLDER`: where a program spent its time, from the profiles that Node wrote there with
 * --cpu-prof (the benches pass CPU_PROF=FOLDER on to the crawler). Time of the function itself, without what it calls.
 */

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 25

function summarize({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === '' ? '' : ` ${basename(url)}:${lineNumber + 1}`
      return [id, `${functionName || '(anonymous)'}${place}`]
    }),
  )
  const times = new Map<string, number>()
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? ''
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0))
  }
  return times
}

for (const path of globSync(join(process.argv[2] ?? '.', '*.cpuprofile'))) {
  const times = summarize(JSON.parse(readFileSync(path, 'utf8')) as Profile)
  const idle = times.get('(idle)') ?? 0
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0) - idle
  const rows = [...times].filter(([name]) => name !== '(idle)').sort(([, a], [, b]) => b - a)
  console.log(`${basename(path)}: ${(busy / 1e6).toFixed(1)} s busy, ${(idle / 1e6).toFixed(1)} s idle`)
  printTable([
    ['function', 'ms', 'of busy'],
    ...rows
      .slice(0, ROWS)
      .map(([name, time]) => [name, (time / 1000).toFixed(0), `${((time * 100) / busy).toFixed(1)} %`]),
  ])
}
