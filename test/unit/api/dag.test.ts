import { expect, test } from 'vitest'
import { type Edge, findBackEdges } from '../../../src/domain/dag.ts'
import { createRandom } from '../../support/builders.ts'

const edges = (...pairs: string[]): Edge[] => pairs.map((pair) => ({ from: pair[0]!, to: pair[1]! }))

/** Kahn's way: takes nodes without incoming edges away; what is left stands on a cycle. */
function isAcyclic(all: readonly Edge[]): boolean {
  const incoming = new Map<string, number>()
  const next = new Map<string, string[]>()
  for (const { from, to } of all) {
    incoming.set(from, incoming.get(from) ?? 0)
    incoming.set(to, (incoming.get(to) ?? 0) + 1)
    next.set(from, [...(next.get(from) ?? []), to])
  }
  const free = [...incoming].filter(([, count]) => count === 0).map(([node]) => node)
  let taken = 0
  while (free.length > 0) {
    const node = free.pop() as string
    taken++
    for (const target of next.get(node) ?? []) {
      const left = (incoming.get(target) as number) - 1
      incoming.set(target, left)
      if (left === 0) free.push(target)
    }
  }
  return taken === incoming.size
}

test('a cycle loses one edge, the last that is walked', () => {
  expect(findBackEdges(edges('ab', 'bc', 'ca'))).toEqual([false, false, true])
  expect(findBackEdges(edges('ab', 'ba'))).toEqual([false, true])
  expect(findBackEdges(edges('aa', 'ab'))).toEqual([true, false])
  expect(findBackEdges([])).toEqual([])
})

test('every one of parallel edges that close a cycle is marked', () => {
  expect(findBackEdges(edges('ab', 'ba', 'ab', 'ba'))).toEqual([false, true, false, true])
})

test('what has no cycle is left alone', () => {
  const random = createRandom(1)
  for (let round = 0; round < 200; round++) {
    const nodes = 2 + random(20)
    const all = Array.from({ length: random(60) }, () => {
      const from = random(nodes - 1)
      return { from: String(from), to: String(from + 1 + random(nodes - from - 1)) }
    })
    expect(findBackEdges(all)).toEqual(all.map(() => false))
  }
})

test('marking makes any graph acyclic, and not one mark could be spared', () => {
  const random = createRandom(2)
  for (let round = 0; round < 300; round++) {
    const nodes = 1 + random(15)
    const all = Array.from({ length: random(50) }, () => ({
      from: String(random(nodes)),
      to: String(random(nodes)),
    }))
    const back = findBackEdges(all)
    const kept = all.filter((_, index) => !back[index])
    expect(isAcyclic(kept)).toBe(true)
    all.forEach((edge, index) => {
      if (back[index]) expect(isAcyclic([...kept, edge])).toBe(false)
    })
  }
})

test('200,000 edges take linear time and no deep stack', () => {
  const random = createRandom(3)
  const dense = Array.from({ length: 200_000 }, () => ({
    from: String(random(500)),
    to: String(random(500)),
  }))
  const chain = Array.from({ length: 200_000 }, (_, index) => ({
    from: String(index),
    to: String((index + 1) % 200_000),
  }))
  expect(findBackEdges(dense).some(Boolean)).toBe(true)
  expect(findBackEdges(chain).filter(Boolean).length).toBe(1)
})
