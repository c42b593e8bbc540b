export interface Edge {
  readonly from: string
  readonly to: string
}

/**
 * Which edges to take out so that the rest has no cycle: those that a depth-first walk finds pointing back into the
 * path it stands on, self-loops among them. The set is minimal (putting any one of them back closes a cycle, since
 * the path itself stays), and it is found in O(nodes + edges). Edges are walked in the given order, so that of a
 * cycle the edges that come first are kept: with transfers sorted by amount, the large ones.
 *
 * The walk keeps its own stack: a chain of 200,000 transfers would overflow the engine's.
 */
export function findBackEdges(edges: readonly Edge[]): boolean[] {
  const { nodes, starts, order } = toAdjacency(edges)
  const back: boolean[] = new Array(edges.length).fill(false)
  const NEW = 0
  const OPEN = 1
  const DONE = 2
  const state = new Uint8Array(nodes.count)
  /** Per node, the next of its edges to walk. */
  const next = starts.slice(0, nodes.count)
  const path: number[] = []

  for (let root = 0; root < nodes.count; root++) {
    if (state[root] !== NEW) continue
    state[root] = OPEN
    path.push(root)
    while (path.length > 0) {
      const node = path[path.length - 1] as number
      const at = next[node] as number
      if (at === starts[node + 1]) {
        state[node] = DONE
        path.pop()
        continue
      }
      next[node] = at + 1
      const edge = order[at] as number
      const target = nodes.to[edge] as number
      if (state[target] === OPEN) back[edge] = true
      else if (state[target] === NEW) {
        state[target] = OPEN
        path.push(target)
      }
    }
  }
  return back
}

/** Nodes by number, and for each the places in `order` where its outgoing edges stand, in the given order. */
function toAdjacency(edges: readonly Edge[]) {
  const numbers = new Map<string, number>()
  const numberOf = (name: string): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, numbers.size)
    return numbers.size - 1
  }
  const from = new Uint32Array(edges.length)
  const to = new Uint32Array(edges.length)
  edges.forEach((edge, index) => {
    from[index] = numberOf(edge.from)
    to[index] = numberOf(edge.to)
  })

  const starts = new Uint32Array(numbers.size + 1)
  for (const node of from) starts[node + 1] = (starts[node + 1] as number) + 1
  for (let node = 0; node < numbers.size; node++) {
    starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number)
  }
  const place = starts.slice()
  const order = new Uint32Array(edges.length)
  from.forEach((node, edge) => {
    const at = place[node] as number
    order[at] = edge
    place[node] = at + 1
  })
  return { nodes: { count: numbers.size, to }, starts, order }
}
