import { afterEach, describe, expect, test } from 'vitest'
import {
  createRecordedNode,
  type RecordedNode,
  type RecordedNodeOptions,
} from '../../../crawler/devnet/node.ts'
import { type Json, recorded } from './call.ts'

const nodes: RecordedNode[] = []
const streams: Stream[] = []
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave()
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

async function listening(options: Partial<RecordedNodeOptions> = {}): Promise<RecordedNode> {
  const node = createRecordedNode({ recording: recorded('casper-upgrade'), ...options })
  nodes.push(node)
  await node.listen()
  return node
}

type Event = { id: string | undefined; told: Json; comment: boolean }

/** A client of an event stream that keeps what it reads. */
class Stream {
  readonly #abort = new AbortController()
  readonly #reader: ReadableStreamDefaultReader<string>
  #text = ''
  readonly contentType: string | null

  private constructor(response: Response, abort: AbortController) {
    this.#abort = abort
    this.contentType = response.headers.get('content-type')
    if (response.body === null) throw new Error('an event stream has no body')
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  }
  static async open(url: string): Promise<Stream> {
    const abort = new AbortController()
    const stream = new Stream(await fetch(url, { signal: abort.signal }), abort)
    streams.push(stream)
    return stream
  }
  leave() {
    this.#abort.abort()
  }
  /** The next event, or null at the end of the stream. */
  async next(): Promise<Event | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end !== -1) {
        const lines = this.#text.slice(0, end).split('\n')
        this.#text = this.#text.slice(end + 2)
        const field = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length)
        return { id: field('id:'), told: JSON.parse(field('data:') ?? 'null'), comment: lines[0] === ':' }
      }
      const { done, value } = await this.#reader.read()
      if (done) return null
      this.#text += value
    }
  }
  async take(count: number): Promise<Event[]> {
    const events: Event[] = []
    while (events.length < count) {
      const event = await this.next()
      if (event === null) break
      events.push(event)
    }
    return events
  }
}
const kind = ({ told }: Event) => (typeof told === 'string' ? told : Object.keys(told ?? {})[0])

test('a stream begins with ApiVersion, which has no id, and goes on with the blocks as they come', async () => {
  const node = await listening({ start: 360 })
  const stream = await Stream.open(node.eventsUrl)
  expect(stream.contentType).toBe('text/event-stream')
  expect(await stream.next()).toMatchObject({ id: undefined, told: { ApiVersion: '2.0.3' } })
  node.advance(3)
  const added: Array<{ block_hash: string; block: Json }> = []
  for (let event = await stream.next(); event && added.length < 3; ) {
    if (event.told.BlockAdded) added.push(event.told.BlockAdded)
    if (added.length < 3) event = await stream.next()
  }
  // Events were recorded to block 361; from then on the announcement is made of the block itself.
  expect(added.map(({ block_hash }) => block_hash)).toEqual(
    [361, 362, 363].map((height) => recorded('casper-upgrade').block(height)?.hash),
  )
  expect(added[2]?.block.Version2.header.height).toBe(363)
})

test('events have the recorded ids in the recorded order', async () => {
  const node = await listening({ recording: recorded('casper-2x'), start: 0 })
  const stream = await Stream.open(`${node.eventsUrl}?start_from=0`)
  node.advance(10)
  const events = await stream.take(60)
  expect(events.slice(1).map(({ id }) => Number(id))).toEqual(Array.from({ length: 59 }, (_, id) => id))
  expect(events.slice(1, 4).map(kind)).toEqual(['Step', 'BlockAdded', 'FinalitySignature'])
})

describe('start_from', () => {
  test('takes up where a client stopped, for every client alike', async () => {
    const node = await listening({ start: 300 })
    const whole = await (await Stream.open(`${node.eventsUrl}?start_from=0`)).take(200)
    const id = Number(whole[150]?.id)
    const [one, two] = await Promise.all([1, 2].map(() => Stream.open(`${node.eventsUrl}?start_from=${id}`)))
    const rest = await one?.take(40)
    expect(rest?.slice(1)).toEqual(whole.slice(150, 189))
    expect(await two?.take(40)).toEqual(rest)
    expect(node.subscribers()).toBe(3)
  })
  test('gives all of the buffer, which is bounded, when asked for more', async () => {
    const node = await listening({ start: 300, eventBuffer: 5 })
    const stream = await Stream.open(`${node.eventsUrl}?start_from=0`)
    const buffered = await stream.take(6)
    expect(buffered.map(kind)[0]).toBe('ApiVersion')
    node.advance()
    const following = await stream.next()
    expect(Number(following?.id)).toBe(Number(buffered[5]?.id) + 1)
  })
  test.each(['?start_from=x', '?from=1', '?start_from=1&more=1'])('refuses %s', async (query) => {
    const node = await listening({ start: 300 })
    expect((await fetch(node.eventsUrl + query)).status).toBe(422)
  })
})

test('a quiet stream is kept open by comments', async () => {
  const node = await listening({ keepAliveMs: 20 })
  const stream = await Stream.open(node.eventsUrl)
  expect((await stream.take(3)).map(({ comment }) => comment)).toEqual([false, true, true])
})

test('a node may be made to keep silent about new blocks; ids show what was missed', async () => {
  const node = await listening({ start: 400 })
  const stream = await Stream.open(node.eventsUrl)
  await stream.next()
  node.advance()
  const before = await stream.next()
  const fault = node.faults.add({ kind: 'silent-events' })
  node.advance()
  node.faults.remove(fault)
  node.advance()
  const after = await stream.next()
  expect(after?.told.BlockAdded.block_hash).toBe(recorded('casper-upgrade').block(403)?.hash)
  expect(Number(after?.id)).toBe(Number(before?.id) + 2)
})

test('there is room for so many subscribers', async () => {
  const node = await listening({ maxSubscribers: 1 })
  await Stream.open(node.eventsUrl)
  expect((await fetch(node.eventsUrl)).status).toBe(503)
})

describe('a 1.x node', () => {
  test('has three streams that share their ids, and not the one of 2.x', async () => {
    const node = await listening({ recording: recorded('casper-1x'), start: 4 })
    const base = node.eventsUrl.replace('/main', '')
    const ids: number[] = []
    for (const [path, kinds] of [
      ['main', ['BlockAdded', 'DeployProcessed', 'Step']],
      ['deploys', ['DeployAccepted']],
      ['sigs', ['FinalitySignature']],
    ] as const) {
      const stream = await Stream.open(`${base}/${path}?start_from=0`)
      const [version, ...events] = await stream.take(2)
      expect(version?.told).toEqual({ ApiVersion: '1.5.8' })
      for (const event of events) {
        expect(kinds).toContain(kind(event))
        ids.push(Number(event.id))
      }
    }
    expect(new Set(ids).size).toBe(ids.length)
    const missing = await fetch(base)
    expect(missing.status).toBe(404)
    expect(await missing.text()).toContain("'/events/main'")
  })

  test('announces a block without proofs, as it does before anyone signed', async () => {
    const node = await listening({ recording: recorded('casper-1x'), start: 700 })
    const stream = await Stream.open(node.eventsUrl)
    node.advance()
    const [, event] = await stream.take(2)
    expect(event?.told.BlockAdded.block.header.height).toBe(701)
    expect(event?.told.BlockAdded.block.proofs).toEqual([])
  })

  test('shuts its streams down at the upgrade; the next version has another path and goes on counting', async () => {
    const node = await listening({ start: 248 })
    const before = await Stream.open(node.eventsUrl)
    node.advance()
    const events = await before.take(10)
    expect(kind(events.at(-1) as Event)).toBe('Shutdown')
    expect((await fetch(node.eventsUrl.replace('/events', '/events/main'))).status).toBe(404)
    const after = await Stream.open(`${node.eventsUrl}?start_from=${Number(events.at(-1)?.id) + 1}`)
    const [version, first] = await after.take(2)
    expect(version?.told).toEqual({ ApiVersion: '2.0.3' })
    expect(Number(first?.id)).toBe(Number(events.at(-1)?.id) + 1)
  })
})
