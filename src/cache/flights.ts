import type { Ms } from '../domain/time.ts'
import { DeadlineError, within } from '../lib/deadline.ts'
import type { Clock } from '../ports.ts'

/**
 * On Workers a flight belongs to the request that began it, and may hang for ever when that one ends early: after so
 * long nobody joins it, and who has joined flies anew.
 */
const LONGEST_FLIGHT: Ms = 15_000

interface Flight {
  readonly result: Promise<unknown>
  readonly since: Ms
}

/** One piece of work per key at a time: whoever comes later waits for the same result. */
export class Flights {
  readonly #flights = new Map<string, Flight>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(key: string): boolean {
    const flight = this.#flights.get(key)
    return flight !== undefined && this.#clock.now() - flight.since < LONGEST_FLIGHT
  }

  async join<T>(key: string, start: () => Promise<T>): Promise<T> {
    const running = this.has(key) ? this.#flights.get(key) : undefined
    if (running === undefined) return this.#start(key, start)
    try {
      return await within(running.result as Promise<T>, LONGEST_FLIGHT, `flight of ${key}`)
    } catch (error) {
      const isStuck = error instanceof DeadlineError && this.#flights.get(key) === running
      if (!isStuck) throw error
      return this.#start(key, start)
    }
  }

  /** Flights go on; nobody joins them any more. */
  clear(): void {
    this.#flights.clear()
  }

  #start<T>(key: string, start: () => Promise<T>): Promise<T> {
    const result = start()
    const flight = { result, since: this.#clock.now() }
    this.#flights.set(key, flight)
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    result.then(land, land)
    return result
  }
}
