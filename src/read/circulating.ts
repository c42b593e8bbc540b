import type { Era } from '../domain/era.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { readEra } from './eras.ts'
import { joinSources, type Read, type ReadPorts, toRead } from './ports.ts'

/**
 * The completed era whose circulating supply holds in an era: its own, or of the era before as long as it is open,
 * since the supply is counted at an era's end. null when no era is completed.
 */
export function readCountedEra(ports: ReadPorts, era: Read<Era>): Soon<Read<Era> | null> {
  if (era.value.endHeight !== null) return era
  return andThen(
    readEra(ports, era.value.id - 1),
    (before) => before && toRead(before.value, joinSources(era, before), false),
  )
}
