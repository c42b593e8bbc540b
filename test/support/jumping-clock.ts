/*
 * Preloaded (`node --import`), it has the wall clock jump by up to half a day each second, back and forth, as a machine's
 * does that is set wrong again and again; what never steps (`performance.now`, timers) stays.
 */

const REACH = 12 * 3_600_000
const EVERY = 1_000

const RealDate = Date
const start = performance.now()

/** Far ahead, far behind, ahead again: each second elsewhere. */
function shift(): number {
  const turn = Math.floor((performance.now() - start) / EVERY)
  return turn === 0 ? 0 : REACH * Math.cos(turn * 2.4)
}

class JumpingDate extends RealDate {
  constructor(...given: [] | [number]) {
    if (given.length === 0) super(JumpingDate.now())
    else super(...given)
  }
  static override now(): number {
    return Math.round(RealDate.now() + shift())
  }
}

globalThis.Date = JumpingDate as DateConstructor
