import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection as bytes, for what a well-behaved client never shows. */
export interface RawClient {
  readonly socket: Socket
  /** All that has come so far, a character for each byte. */
  text(): string
  /** What has come once it is meant. @throws when the connection ends before */
  until(isMeant: (text: string) => boolean): Promise<string>
  /** What has come once the connection is over. */
  ended(): Promise<string>
}

export async function openRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, allowHalfOpen: true, noDelay: true })
  let text = ''
  let isOver = false
  let look = () => {}
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    look()
  })
  socket.on('end', () => socket.end())
  // A reset is an end as well.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    isOver = true
    look()
  })
  await once(socket, 'connect')
  const until = (isMeant: (text: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        if (isMeant(text)) resolve(text)
        else if (isOver) reject(new Error(`the connection ended after ${JSON.stringify(text)}`))
      }
      look()
    })
  return { socket, text: () => text, until, ended: () => until(() => isOver) }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The whole answers in a text. @throws for what is none, or is not whole */
export function toAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at)
    const [first = '', ...fields] = text.slice(at, end).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) [A-Z]/.exec(first)?.[1])
    const headers = Object.fromEntries(fields.map((field) => field.split(': ', 2) as [string, string]))
    const length = status === 100 ? 0 : Number(headers['content-length'])
    at = end + 4 + length
    if (end === -1 || Number.isNaN(at) || at > text.length) throw new Error(`no whole answer: ${text}`)
    answers.push({ status, headers, body: text.slice(end + 4, at) })
  }
  return answers
}

/** A request to /rpc as the crawler sends it. */
export function toRequest(body: string, fields = '', path = '/rpc', version = '1.1'): string {
  const bytes = Buffer.from(body)
  return `POST ${path} HTTP/${version}\r\nhost: node\r\ncontent-type: application/json\r\n${fields}content-length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`
}
