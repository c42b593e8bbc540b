import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'

/**
 * Follows a node's event stream and calls `onBlock` at each BlockAdded. A wake-up, no more: blocks are always pulled by
 * height, so a lost event, a replayed one or a node that lies costs nothing. Reconnects for ever, with a growing pause.
 */
export async function followEvents(url: string, onBlock: () => void, signal: AbortSignal): Promise<void> {
  let pause = 500
  while (!signal.aborted) {
    try {
      const { statusCode, body } = await request(url, {
        headers: { accept: 'text/event-stream' },
        // The stream is silent between blocks; nodes send a keep-alive comment within a minute.
        bodyTimeout: 120_000,
        signal,
      })
      if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
      for await (const line of toLines(body)) {
        if (line.startsWith('data:') && line.includes('"BlockAdded"')) onBlock()
        pause = 500
      }
    } catch {
      // Polling is the net underneath: while the stream is away the tip is still found.
    }
    await sleep(pause, undefined, { signal }).catch(() => {})
    pause = Math.min(pause * 2, 30_000)
  }
}

/** Longest line that is kept: enough for the name of an event, whose rest is of no interest. */
const MAX_LINE = 4096

async function* toLines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = (lines.pop() ?? '').slice(0, MAX_LINE)
    yield* lines
  }
}
