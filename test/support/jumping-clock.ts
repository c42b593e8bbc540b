/*
 * Preloaded (`node --import`), it has the time of day jump by hours each second, as a machine's does that is set wrong again
 * and again; timers and `performance.now` go on as they did, as the kernel's steady clock does.
 */

const HOUR = 3_600_000

/** Each second some hours on or back, and on the whole further and further back: what waits for a time of day waits for ever. */
function shift(): number {
  const turn = Math.floor(performance.now() / 1_000)
  return HOUR * ((turn % 2 === 0 ? 7 : 0) - turn)
}

const Real = Date
const now = () => Real.now() + shift()

globalThis.Date = new Proxy(Real, {
  construct: (_, given) => new Real(...((given.length === 0 ? [now()] : given) as [number])),
  get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name)),
})
