import type { Cancel } from './cancel.ts'
import type { Caps } from './caps.ts'
import { Fault } from './fault.ts'

/** Lets a bounded number through at once, a bounded number wait, and turns the rest away. */
export interface Gate {
  /** @throws Fault UNAVAILABLE when too many wait, or when it waited too long; CANCELLED when the client left */
  enter(cancel: Cancel): Promise<void> | undefined
  /** once for each `enter` that let through */
  leave(): void
}

export function createGate(caps: Pick<Caps, 'connections' | 'waiting' | 'waitMs'>): Gate {
  let inside = 0
  // A Set keeps the order of arrival and forgets one in the middle at no cost.
  const queue = new Set<() => void>()

  function wait(cancel: Cancel): Promise<void> {
    return new Promise((done, fail) => {
      const end = (fault?: Fault) => {
        clearTimeout(timer)
        queue.delete(letIn)
        cancel.onCancel = undefined
        if (fault === undefined) done()
        else fail(fault)
      }
      const letIn = () => end()
      const timer = setTimeout(() => end(busy('it waited too long for its turn')), caps.waitMs)
      cancel.onCancel = () => end(new Fault('CANCELLED', 'the client hung up'))
      queue.add(letIn)
    })
  }

  return {
    enter(cancel) {
      if (inside < caps.connections) {
        inside++
        return undefined
      }
      if (queue.size >= caps.waiting) throw busy('too many wait before it')
      return wait(cancel)
    },
    leave() {
      const [next] = queue
      // The place is handed over, so that nobody who comes in between takes it.
      if (next === undefined) inside--
      else next()
    },
  }
}

function busy(reason: string): Fault {
  return new Fault('UNAVAILABLE', `the gateway is busy and gave this request up: ${reason}`)
}
