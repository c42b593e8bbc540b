import type { WriteStream } from 'node:tty'

export interface Progress {
  /** A line that the crawler logged. */
  read(line: string): void
  /** A line of the recorded node: the first tells where its chain ends. */
  readNode(line: string): void
  /** A sentence of its own, above the progress line. */
  announce(sentence: string): void
  end(): void
}

const WIDTH = 24

/**
 * One line that tells how far the crawl is, redrawn in place on a terminal. Elsewhere (a log file, CI) a line is written
 * at each tenth of the way.
 */
export function createProgress(out: WriteStream | (NodeJS.WritableStream & { isTTY?: boolean })): Progress {
  let told = -1
  let trouble = ''
  let isDrawn = false
  let last = -1
  const clear = () => {
    if (isDrawn) out.write('\r\x1b[K')
    isDrawn = false
  }
  return {
    read(line) {
      const reason = toTrouble(line)
      if (reason !== null && reason !== trouble) {
        trouble = reason
        clear()
        out.write(`The crawler waits: ${reason}\n`)
      }
      const facts = parseLine(line)
      if (facts === null) return
      trouble = ''
      const { height, tip } = facts
      if (height === last) {
        last = -1
        clear()
        out.write(
          `The recorded chain has come to its end at block ${height}: remove the folder DATA_DIR (.data) to see it grow again\n`,
        )
      }
      const share = Math.min(1, (height + 1) / (tip + 1))
      const text = `Crawled and verified block ${height} of ${tip}`
      if (out.isTTY) {
        const full = Math.round(share * WIDTH)
        clear()
        out.write(`[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${text}`)
        isDrawn = true
      } else if (Math.floor(share * 10) > told) {
        told = Math.floor(share * 10)
        out.write(`${text}\n`)
      }
    },
    readNode(line) {
      const end = /"lastHeight":(\d+)/.exec(line)?.[1]
      if (end !== undefined) last = Number(end)
    },
    announce(sentence) {
      clear()
      out.write(`${sentence}\n`)
    },
    end() {
      clear()
    },
  }
}

/** Why the crawler does not get on; each reason is told once. */
function toTrouble(line: string): string | null {
  if (!line.includes('"trying again"')) return null
  const reason = /"reason":("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
  return reason === undefined ? null : String(JSON.parse(reason))
}

function parseLine(line: string): { height: number; tip: number } | null {
  if (!line.includes('"committed"')) return null
  try {
    const { height, tip } = JSON.parse(line) as { height?: unknown; tip?: unknown }
    return typeof height === 'number' && typeof tip === 'number' ? { height, tip } : null
  } catch {
    return null
  }
}
