/** What can be made to go wrong. The first group is about the wire, the second about what is said. */
export type FaultKind =
  /** The answer comes, but `ms` milliseconds later. */
  | { kind: 'slow'; ms: number }
  /** Headers and half of the body come at once, the rest never. */
  | { kind: 'stall' }
  /** HTTP 429 as the sidecar sends it. `retryAfter` in seconds. */
  | { kind: 'rate-limit'; retryAfter?: number }
  | { kind: 'server-error' }
  /** HTTP 200 with a body that breaks off, under a content length that says nothing of it. */
  | { kind: 'malformed' }
  /** The connection ends in the middle of a body whose content length promised more. */
  | { kind: 'truncate' }
  /** Connections are destroyed without a word, those of event streams too. */
  | { kind: 'gone' }
  /** Event streams stay open but tell nothing of new blocks. */
  | { kind: 'silent-events' }
  /** chain_get_block gives a block whose stated hash does not fit its header, or its body. */
  | { kind: 'tamper'; part?: 'header' | 'body' }
  /** chain_get_block gives a block with hashes that fit, but with a parent nobody knows. */
  | { kind: 'wrong-parent' }
  /** info_get_deploy and info_get_transaction tell of another amount than was sent, under the hash of what was. */
  | { kind: 'wrong-transaction' }
  /** From this height on another end of the chain is served, valid by its hashes, until switched off. */
  | { kind: 'fork'; from: number; emptied?: boolean }

/** A fault, and what it is limited to. Without a limit it holds for every call until it is removed. */
export type Fault = FaultKind & {
  /** Only calls of this method. */
  method?: string
  /** Only calls about this height. */
  height?: number
  /** Only so many calls; then it removes itself. */
  count?: number
}

export type ActiveFault = Fault & { id: number }

export type Faults = {
  /** Switches a fault on. @returns the id to switch it off with */
  add(fault: Fault): number
  /** @returns whether there was such a fault */
  remove(id: number): boolean
  clear(): void
  list(): readonly ActiveFault[]
  /** The faults that strike one call; counts them down. */
  strike(method: string | null, height: number | null): readonly ActiveFault[]
}

const kinds: ReadonlySet<string> = new Set([
  'slow',
  'stall',
  'rate-limit',
  'server-error',
  'malformed',
  'truncate',
  'gone',
  'silent-events',
  'tamper',
  'wrong-parent',
  'wrong-transaction',
  'fork',
])
/** Kinds that stand for a state of the node, not for something done to one call. */
const standing: ReadonlySet<string> = new Set(['fork', 'silent-events'])
/** Which calls those strike that are about what is said. */
const TELLING: ReadonlyMap<string, readonly string[]> = new Map([
  ['tamper', ['chain_get_block']],
  ['wrong-parent', ['chain_get_block']],
  ['wrong-transaction', ['info_get_deploy', 'info_get_transaction']],
])

/** @param onChange called after faults were added or removed, other than by their count */
export function createFaults(onChange: () => void = () => {}): Faults {
  const active = new Map<number, ActiveFault>()
  let nextId = 1

  const strikes = (fault: ActiveFault, method: string | null, height: number | null): boolean =>
    !standing.has(fault.kind) &&
    (fault.method === undefined || fault.method === method) &&
    (fault.height === undefined || fault.height === height) &&
    (!TELLING.has(fault.kind) || (height !== null && (TELLING.get(fault.kind) ?? []).includes(method ?? '')))

  return {
    add(fault) {
      const id = nextId++
      active.set(id, { ...fault, id })
      try {
        onChange()
      } catch (cause) {
        active.delete(id)
        throw cause
      }
      return id
    },
    remove(id) {
      const was = active.delete(id)
      if (was) onChange()
      return was
    },
    clear() {
      active.clear()
      onChange()
    },
    list: () => [...active.values()],
    strike(method, height) {
      if (active.size === 0) return []
      const struck = [...active.values()].filter((fault) => strikes(fault, method, height))
      for (const fault of struck) {
        if (fault.count === undefined) continue
        fault.count--
        if (fault.count <= 0) active.delete(fault.id)
      }
      return struck
    },
  }
}

/** Reads a fault that came over HTTP. @throws TypeError that names the wrong member */
export function parseFault(given: unknown): Fault {
  const fault = given as Record<string, unknown> | null
  if (typeof fault !== 'object' || fault === null || !kinds.has(String(fault.kind))) {
    throw new TypeError(`kind must be one of ${[...kinds].join(', ')}`)
  }
  for (const name of ['ms', 'retryAfter', 'height', 'count', 'from']) {
    const value = fault[name]
    const needed = (name === 'ms' && fault.kind === 'slow') || (name === 'from' && fault.kind === 'fork')
    if (value === undefined && !needed) continue
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new TypeError(`${name} must be a whole number`)
    }
  }
  return fault as Fault
}
