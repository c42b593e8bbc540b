import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BlockFacts } from './blocks.ts'
import { createFork, type Fork } from './fork.ts'
import type { Recording } from './recording.ts'

/** How much of the recording exists at the moment, and which end of it. */
export type ChainState = {
  tip(): number
  fork(): Fork | null
  /** A block of the chain as it is served now. */
  block(height: number): BlockFacts
  moveTo(height: number): void
  setFork(wanted: { from: number; emptied: boolean } | null): void
}

export type Start =
  /** A height; a fraction such as 0.6 of the recording; or all of it. */
  number | { fraction: number } | 'end'

function startHeight(recording: Recording, start: Start): number {
  const { firstHeight, lastHeight } = recording
  if (start === 'end') return lastHeight
  const height =
    typeof start === 'number' ? start : firstHeight + Math.floor((lastHeight - firstHeight) * start.fraction)
  if (!Number.isInteger(height) || height < firstHeight || height > lastHeight) {
    throw new RangeError(`start is ${height}, but the chain goes from ${firstHeight} to ${lastHeight}`)
  }
  return height
}

/** The tip that an earlier run left behind, or null when it left none that fits this chain. */
function savedTip(recording: Recording, file: string): number | null {
  let saved: { chain?: unknown; tip?: unknown }
  try {
    saved = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // The first run finds none, and one that cannot be read is worth no more than none.
    return null
  }
  const fits = saved.chain === recording.name && Number.isInteger(saved.tip)
  const tip = Number(saved.tip)
  return fits && tip >= recording.firstHeight && tip <= recording.lastHeight ? tip : null
}

/** @param file where to keep the tip between runs; null keeps it nowhere */
export function createChainState(recording: Recording, start: Start, file: string | null): ChainState {
  let tip = (file === null ? null : savedTip(recording, file)) ?? startHeight(recording, start)
  let fork: Fork | null = null

  function save(): void {
    if (file === null) return
    // Renaming is atomic: a run that is killed while it saves leaves the tip before.
    writeFileSync(`${file}.new`, JSON.stringify({ chain: recording.name, tip }))
    renameSync(`${file}.new`, file)
  }
  if (file !== null) mkdirSync(dirname(file), { recursive: true })
  save()

  return {
    tip: () => tip,
    fork: () => fork,
    block(height) {
      const block = fork && height >= fork.from ? fork.block(height) : recording.block(height)
      if (block === undefined) throw new RangeError(`the recording has no block ${height}`)
      return block
    },
    moveTo(height) {
      tip = Math.max(recording.firstHeight, Math.min(recording.lastHeight, height))
      save()
    },
    setFork(wanted) {
      if (wanted === null) fork = null
      else if (fork?.from !== wanted.from || fork.emptied !== wanted.emptied) {
        fork = createFork(recording, wanted.from, wanted.emptied)
      }
    },
  }
}
