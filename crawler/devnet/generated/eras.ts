import type { ChainRules } from './options.ts'

/** What a height's number alone tells of its block. */
export interface Place {
  readonly height: number
  readonly generation: 1 | 2
  readonly protocolVersion: string
  readonly eraId: number
  /** First height of the era. */
  readonly eraStart: number
  readonly isSwitch: boolean
  /** Genesis, and the one-block eras at upgrades and restarts: no proposer, no transactions, no rewards. */
  readonly isImmediate: boolean
  /** Whether the era before was an immediate one, of which no late signatures are paid. */
  readonly isAfterImmediate: boolean
  /** Milliseconds since 1970. */
  readonly time: number
  /** Which validator set signs this block, and which one the next era has. */
  readonly set: number
  readonly nextSet: number
}

/** Ordinary eras between two immediate switch blocks. */
interface Stretch {
  /** First height, that after the immediate switch block. */
  readonly start: number
  readonly firstEra: number
  /** Height of the next immediate switch block, or Infinity; it is already of the next stretch's set and version. */
  readonly end: number
  readonly set: number
  readonly protocolVersion: string
}

/** Puts every height into its era, in constant time. */
export function createEras(rules: ChainRules): (height: number) => Place {
  const { blocksPerEra, blockTime, startTime, upgradeAt } = rules
  const stretches = toStretches(rules)

  return (height) => {
    const number = stretches.findIndex(({ end }) => height <= end)
    const stretch = stretches[number] as Stretch
    const generation = height < upgradeAt ? 1 : 2
    const { start, end, firstEra, set, protocolVersion } = stretch
    if (height === 0) return toImmediate(0, generation, protocolVersion, 0, startTime, set)
    // Immediate switch blocks take no time: each has that of the block before it.
    const time = startTime + (height - number) * blockTime
    if (height === end) {
      const eraId = toLastEra(stretch, blocksPerEra) + 1
      const next = stretches[number + 1] as Stretch
      return toImmediate(height, generation, next.protocolVersion, eraId, time - blockTime, next.set)
    }
    const place = height - start
    const era = Math.floor(place / blocksPerEra)
    return {
      height,
      generation,
      protocolVersion,
      eraId: firstEra + era,
      eraStart: start + era * blocksPerEra,
      isSwitch: place % blocksPerEra === blocksPerEra - 1 || height === end - 1,
      isImmediate: false,
      isAfterImmediate: era === 0,
      time,
      set,
      nextSet: set,
    }
  }
}

function toImmediate(
  height: number,
  generation: 1 | 2,
  protocolVersion: string,
  eraId: number,
  time: number,
  set: number,
): Place {
  return {
    height,
    generation,
    protocolVersion,
    eraId,
    eraStart: height,
    isSwitch: true,
    isImmediate: true,
    isAfterImmediate: false,
    time,
    set,
    nextSet: set,
  }
}

/** Era of the last height before the stretch's end; the era before where the stretch is empty. */
const toLastEra = ({ firstEra, start, end }: Stretch, blocksPerEra: number): number =>
  firstEra + Math.floor((end - 1 - start) / blocksPerEra)

function toStretches({ upgradeAt, validatorChanges, blocksPerEra }: ChainRules): Stretch[] {
  const breaks = validatorChanges.map(({ at }) => ({ at, isRestart: true }))
  if (upgradeAt > 0 && upgradeAt < Number.POSITIVE_INFINITY) breaks.push({ at: upgradeAt, isRestart: false })
  breaks.sort((a, b) => a.at - b.at)

  // Every restart is a release of its own, and 2.x begins anew.
  const patches = { 1: 8, 2: 3 }
  const versionAt = (height: number) => (height < upgradeAt ? `1.5.${patches[1]++}` : `2.0.${patches[2]++}`)
  const stretches: Stretch[] = []
  let [start, firstEra, set, protocolVersion] = [1, 1, 0, versionAt(0)]
  for (const { at, isRestart } of breaks) {
    const stretch = { start, firstEra, end: at, set, protocolVersion }
    stretches.push(stretch)
    firstEra = toLastEra(stretch, blocksPerEra) + 2
    start = at + 1
    set += isRestart ? 1 : 0
    protocolVersion = versionAt(at)
  }
  return [...stretches, { start, firstEra, end: Number.POSITIVE_INFINITY, set, protocolVersion }]
}
