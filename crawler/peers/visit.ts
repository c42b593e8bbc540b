import { get, type IncomingMessage } from 'node:http'
import type { Ms } from '../../src/domain/time.ts'
import { parseStatus, type Status } from './status.ts'

/** Why a peer gave no status. */
export type Failure =
  | 'network'
  | 'timeout'
  | 'http'
  | 'encoded'
  | 'too-large'
  | 'not-json'
  | 'shape'
  | 'other-network'

/** A visit in vain. Its message is ours alone: nothing of what a stranger sent. */
export class VisitError extends Error {
  override readonly name = 'VisitError'
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(`A peer gave no status: ${failure}`, { cause })
    this.failure = failure
  }
}

export interface VisitOptions {
  /** Name of the network that a peer must be of. */
  readonly network: string
  /** Of the REST endpoint: the same at all peers, since nobody tells it. */
  readonly port: number
  /** For a whole visit, from the connection to the last byte. */
  readonly timeout: Ms
}

/** A status that names a thousand peers has 70 KB. */
const MOST_BYTES = 256 * 1024

/**
 * Asks a peer for its status: one GET to an IP address, over a connection of its own. Nothing is followed: a redirect is
 * an answer like any other that is not 200; nothing is unpacked: a compressed body is refused.
 * @param address canonical IP, as `parseAddress` gives it
 * @throws {VisitError} and the reason of `signal` when that aborts
 */
export async function visit(
  address: string,
  { network, port, timeout }: VisitOptions,
  signal: AbortSignal,
): Promise<Status> {
  const late = AbortSignal.timeout(timeout)
  let text: string
  try {
    text = await fetchText(address, port, AbortSignal.any([signal, late]))
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof VisitError ? cause : new VisitError(late.aborted ? 'timeout' : 'network', cause)
  }
  const status = parseStatus(parseText(text))
  if (status === null) throw new VisitError('shape')
  if (status.network !== network) throw new VisitError('other-network')
  return status
}

function fetchText(host: string, port: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', 'accept-encoding': 'identity' }
    const options = { host, port, path: '/status', agent: false, maxHeaderSize: 8_192, headers, signal }
    const request = get(options, (response) => {
      readText(response)
        .finally(() => request.destroy())
        .then(resolve, reject)
    })
    request.on('error', reject)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) throw new VisitError('http')
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') throw new VisitError('encoded')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new VisitError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new VisitError('not-json', cause)
  }
}
