import type { Client } from '../../../site/client.ts'
import type { Ports } from '../../../site/state/ports.ts'
import type { WireBlock, WireEra } from '../../../src/api/wire/v1.ts'

/** A clock that moves when told, and a tab that hides when told. Knows how many timers and listeners are left. */
export function createPorts(start = Date.parse('2026-11-24T12:00:00Z')) {
  let now = start
  let hidden = false
  let next = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  const listeners = new Set<() => void>()
  const ports: Ports = {
    timers: {
      now: () => now,
      after(ms, run) {
        const id = next++
        timers.set(id, { at: now + ms, run })
        return () => timers.delete(id)
      },
    },
    visibility: {
      hidden: () => hidden,
      onChange(run) {
        listeners.add(run)
        return () => listeners.delete(run)
      },
    },
  }
  return {
    ports,
    now: () => now,
    timers: () => timers.size,
    listeners: () => listeners.size,
    hide(value: boolean) {
      hidden = value
      for (const run of [...listeners]) run()
    },
    /** Runs what is due, in order, letting promises settle in between. */
    async pass(ms: number) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
        if (due === undefined) break
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].run()
        await settle()
      }
      now = end
    },
  }
}

export async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

type Answers = (name: string, query: Record<string, string>) => unknown

/** Answers from a function, and remembers what was asked and what was aborted. */
export function createFakeClient(answers: Answers) {
  const asked: string[] = []
  let aborted = 0
  const ask = (async (
    name: string,
    query: Record<string, string>,
    options: { signal?: AbortSignal } = {},
  ) => {
    asked.push(name)
    options.signal?.addEventListener('abort', () => {
      aborted += 1
    })
    return await answers(name, query)
  }) as Client['ask']
  return { client: { ask }, asked, aborted: () => aborted }
}

/** Block `height` of a chain with a block each 8 s and an era each 10 blocks. */
export function fakeBlock(height: number, start: number): WireBlock {
  return {
    height,
    hash: `hash-${height}`,
    era: Math.floor(height / 10),
    switch: height % 10 === 9,
    time: new Date(start + height * 8_000).toISOString(),
    blockTime: height === 0 ? null : 8_000,
  } as unknown as WireBlock
}

export function fakeEra(id: number, open: boolean): WireEra {
  const start = Date.parse('2026-11-24T00:00:00Z') + id * 80_000
  return {
    id,
    open,
    start: new Date(start).toISOString(),
    end: open ? null : new Date(start + 72_000).toISOString(),
    startBlock: id * 10,
    endBlock: open ? null : id * 10 + 9,
    blocks: open ? 1 : 10,
  } as unknown as WireEra
}
