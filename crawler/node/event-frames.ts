/** What one event of a node's stream tells the crawler. */
export interface Told {
  /** null for an event without one: ApiVersion. */
  readonly id: number | null
  readonly isBlock: boolean
  /** Of a BlockAdded; null when its line is too long to be kept, or tells none. */
  readonly height: number | null
}

/** A stream that is none of events. */
export class NoEventsError extends Error {
  override readonly name = 'NoEventsError'
}

/** A BlockAdded is about 100 KB for a full switch block of mainnet. Longer ones wake without a height. */
const MAX_BLOCK = 2 * 1024 * 1024
/** Other events are not kept at all, but a line that never ends is no event; effects of a large deploy reach megabytes. */
const MAX_LINE = 64 * 1024 * 1024
const MAX_LINES = 16
/** Enough of a line to tell what it is. */
const HEAD = 32
const BLOCK = /^data: ?\{"BlockAdded"/
const FIELD = /^(data|id|event|retry)(:|$)|^:/
/** What a node's data begins with: an object, or the name of an event without one ("Shutdown"). */
const DATA = /^data: ?["{]/

/**
 * Cuts a stream into events and reads of them only what a wake-up needs: `feed` takes text as it comes and calls `onEvent`
 * at each event's end. Memory is bounded, whatever is sent.
 */
export class EventFrames {
  private readonly onEvent: (told: Told) => void
  private line = ''
  private length = 0
  private isKept = true
  private lines = 0
  private hasData = false
  private block: { height: number | null } | null = null
  private id: number | null = null

  constructor(onEvent: (told: Told) => void) {
    this.onEvent = onEvent
  }

  /** @throws {NoEventsError} */
  feed(text: string): void {
    let from = 0
    for (;;) {
      const end = text.indexOf('\n', from)
      if (end === -1) break
      this.append(text.slice(from, end))
      this.endLine()
      from = end + 1
    }
    if (from < text.length) this.append(text.slice(from))
  }

  private append(part: string): void {
    this.length += part.length
    if (this.length > MAX_LINE) throw new NoEventsError(`a line of more than ${MAX_LINE} bytes`)
    if (!this.isKept) return
    this.line += part
    if (this.line.length < HEAD) return
    // A long line is kept only while it may be a block's.
    this.isKept = BLOCK.test(this.line) && this.line.length <= MAX_BLOCK
    if (!this.isKept) this.line = this.line.slice(0, HEAD)
  }

  private endLine(): void {
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line
    const isWhole = this.isKept
    this.line = ''
    this.length = 0
    this.isKept = true
    if (line === '') return this.endEvent()
    if (++this.lines > MAX_LINES) throw new NoEventsError(`an event of more than ${MAX_LINES} lines`)
    if (!FIELD.test(line)) throw new NoEventsError('a line that is no field of an event')
    if (line.startsWith('id')) this.id = toId(line)
    if (!line.startsWith('data')) return
    if (!DATA.test(line)) throw new NoEventsError('an event without JSON')
    this.hasData = true
    if (BLOCK.test(line)) this.block = { height: isWhole ? toHeight(line.slice(5)) : null }
  }

  private endEvent(): void {
    const { id, block, hasData } = this
    this.lines = 0
    this.id = null
    this.block = null
    this.hasData = false
    if (hasData) this.onEvent({ id, isBlock: block !== null, height: block?.height ?? null })
  }
}

function toId(line: string): number | null {
  const digits = /^id: ?(\d{1,10})$/.exec(line)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** In 1.x the block stands bare, in 2.x inside its version. @throws {NoEventsError} when it is no JSON */
function toHeight(text: string): number | null {
  let block: Record<string, { header?: { height?: unknown } } | undefined> | undefined
  try {
    block = (JSON.parse(text) as { BlockAdded?: { block?: typeof block } }).BlockAdded?.block
  } catch (cause) {
    throw new NoEventsError('an event that is not JSON', { cause })
  }
  const bare = block as { header?: { height?: unknown } } | undefined
  const height = (bare?.header ?? block?.Version1?.header ?? block?.Version2?.header)?.height
  return Number.isSafeInteger(height) && (height as number) >= 0 ? (height as number) : null
}
