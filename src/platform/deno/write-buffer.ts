import { andThen, type Soon } from '../../lib/soon.ts'

type Fetch<C> = (request: Request, connection: C) => Soon<Response>

/** Prime, so that no number of connections taken in turn keeps one of them out. */
const EVERY = 61
const PADDING = '.'.repeat(1_000)

/**
 * Deno 2.9 writes head and body of a response in one `send` if both fit into the connection's write buffer, else in
 * two, and a second one costs as much as all the rest of a small answer. The buffer begins with 512 bytes and grows,
 * for good, when a head is longer. So now and then an answer has a head that makes it 2 KB, which is enough for a
 * block or an era. Measured with 600-byte answers: 24 µs of CPU instead of 33.
 */
export function withGrownBuffers<C>(fetch: Fetch<C>): Fetch<C> {
  let count = 0
  return (request, connection) => {
    const soon = fetch(request, connection)
    if (++count % EVERY !== 0) return soon
    return andThen(soon, (response) => {
      response.headers.set('x-padding', PADDING)
      return response
    })
  }
}
