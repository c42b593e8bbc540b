import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Answer, AnswerParser, type Held } from './answer-parser.ts'
import { ConnectionError } from './errors.ts'

/** One question on its way to its answer. */
export interface Exchange {
  /** Head and body, as sent. */
  readonly bytes: string
  /** Settled already: by time or by its asker. What still comes is read and dropped. */
  isDone: boolean
  /** How often a connection was lost under it. */
  losses: number
  /** @returns nothing; called once at most */
  finish(error: Error | null, answer: Answer | null): void
}

export interface ConnectionPorts {
  readonly url: URL
  readonly maxBytes: number
  /** What unfinished answers hold, of all connections of the client. */
  readonly held: Held
  readonly connectMs: number
  /** Exchanges under way at once on this connection. */
  readonly pipeline: number
  /** Has room for another exchange. */
  onFree(connection: Connection): void
  /** Is gone; `lost` were sent and have no whole answer. */
  onGone(connection: Connection, lost: readonly Exchange[], reason: Error): void
}

/** A kept-alive connection to one node. Answers come in the order of the questions, as HTTP/1.1 has it. */
export class Connection {
  private readonly ports: ConnectionPorts
  private readonly socket: Socket
  private readonly parser: AnswerParser
  private readonly sent: Exchange[] = []
  private outgoing = ''
  private isGone = false
  private isClosing = false

  constructor(ports: ConnectionPorts) {
    this.ports = ports
    this.parser = new AnswerParser(ports.maxBytes, ports.held)
    this.socket = open(ports.url)
    this.socket.setNoDelay(true)
    this.socket.setTimeout(ports.connectMs, () => {
      if (this.socket.connecting) this.fail(new ConnectionError(`no connection within ${ports.connectMs} ms`))
    })
    this.socket.once('connect', () => this.socket.setTimeout(0))
    this.socket.on('data', (bytes) => this.receive(bytes))
    this.socket.on('end', () => this.receiveEnd())
    this.socket.on('error', (error) => this.fail(new ConnectionError(error.message, { cause: error })))
    this.socket.on('close', () => this.fail(new ConnectionError('the node closed the connection')))
  }

  /** Exchanges that it can take now. */
  get room(): number {
    return this.isClosing ? 0 : this.ports.pipeline - this.sent.length
  }

  send(exchange: Exchange): void {
    this.sent.push(exchange)
    if (this.ports.pipeline === 1) this.socket.write(exchange.bytes)
    else this.sendTogether(exchange.bytes)
  }

  /** What one turn of the event loop asks goes out in one write: the system call is a third of a question's cost. */
  private sendTogether(bytes: string): void {
    if (this.outgoing === '') setImmediate(this.flush)
    this.outgoing += bytes
  }

  private readonly flush = (): void => {
    const bytes = this.outgoing
    this.outgoing = ''
    if (!this.isGone) this.socket.write(bytes)
  }

  /** Gives up on an exchange. Its connection goes with it, since only its whole answer would free the line again. */
  drop(exchange: Exchange): void {
    if (this.sent.includes(exchange)) this.fail(new ConnectionError('given up'))
  }

  close(): void {
    this.fail(new ConnectionError('closed'))
  }

  private receive(bytes: Buffer): void {
    if (this.isGone) return
    try {
      if (this.sent.length === 0) throw new ConnectionError('an answer that nobody asked for')
      this.parser.push(bytes, this.settle)
    } catch (error) {
      this.fail(error as Error)
    }
  }

  private receiveEnd(): void {
    if (this.isGone) return
    try {
      this.isClosing = true
      this.parser.end(this.settle)
    } catch (error) {
      this.fail(error as Error)
    }
  }

  private readonly settle = (answer: Answer): void => {
    const exchange = this.sent.shift()
    if (exchange === undefined) throw new ConnectionError('an answer that nobody asked for')
    if (!exchange.isDone) exchange.finish(null, answer)
    if (!answer.keepsAlive) {
      this.isClosing = true
      this.fail(new ConnectionError('the node closed the connection'))
    } else this.ports.onFree(this)
  }

  /** Ends the connection. What the node got wrong fails the exchange that it was the answer to; the others are handed back. */
  private fail(reason: Error): void {
    if (this.isGone) return
    this.isGone = true
    this.parser.drop()
    const lost = this.sent.splice(0)
    if (!(reason instanceof ConnectionError)) {
      const first = lost.shift()
      if (first && !first.isDone) first.finish(reason, null)
    }
    this.socket.destroy()
    this.ports.onGone(this, lost, reason)
  }
}

function open(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'https:') {
    return connectTls({ host, port: Number(url.port || 443), servername: host, ALPNProtocols: ['http/1.1'] })
  }
  return connect({ host, port: Number(url.port || 80) })
}
