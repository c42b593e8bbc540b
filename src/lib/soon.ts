/**
 * A value now, or later. Reads of closed history are answered from memory: a promise that is already settled would
 * still cost each of them a turn of the event loop.
 */
export type Soon<T> = T | Promise<T>

export function andThen<T, U>(soon: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return soon instanceof Promise ? soon.then(next) : next(soon)
}
