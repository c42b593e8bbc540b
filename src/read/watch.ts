import type { Ms } from '../domain/time.ts'
import type { Soon } from '../lib/soon.ts'
import type { Background } from '../ports.ts'
import { readHead } from './head.ts'
import type { ReadPorts } from './ports.ts'

/** How often the head is read behind the answers. */
const EVERY: Ms = 5_000
/** An isolate that has rested for longer reads it before its next answer. */
const LONGEST: Ms = 60_000

/** Told of each question. @returns what the answer has to wait for; hardly ever anything */
export type Watch = (now: Ms) => Soon<unknown>

/**
 * Closed pages in memory and finished answers need nothing else to be answered from, so that an isolate which was asked for
 * them alone would never learn that the chain was cut: an announcement reaches one isolate of one data centre. With a fresh
 * head in memory a look costs nothing.
 */
export function createWatch(ports: ReadPorts, background: Background): Watch {
  // At first memory is empty, and nothing enters it before a head is known.
  let looked: Ms | undefined
  return (now) => {
    const since = looked === undefined ? EVERY : Math.abs(now - looked)
    if (since < EVERY) return undefined
    looked = now
    // Without a head the pages are answered all the same: it fails only while the store is down, and then nothing is cut.
    const look = Promise.resolve(readHead(ports)).catch(() => {})
    background.run(look)
    return since >= LONGEST ? look : undefined
  }
}
