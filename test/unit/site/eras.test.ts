import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import { ERAS_KEPT, Eras, merge } from '../../../site/state/eras.ts'
import type { WireBlock } from '../../../src/api/wire/v1.ts'
import { createFakeClient, createPorts, fakeBlock, fakeEra, settle } from './fakes.ts'

function create(height: number) {
  const fake = createPorts()
  const tip = signal<WireBlock | null>(null)
  const chain = { height, fault: null as Error | null }
  const limits: number[] = []
  const { client, aborted } = createFakeClient((_name, query) => {
    limits.push(Number(query['limit']))
    if (chain.fault) throw chain.fault
    const newest = Math.floor(chain.height / 10)
    const open = chain.height % 10 !== 9
    const count = Math.min(Number(query['limit']), newest + 1)
    return { data: Array.from({ length: count }, (_, i) => fakeEra(newest - i, i === 0 && open)), next: null }
  })
  const eras = new Eras(client, fake.ports.timers, tip)
  const move = async (to: number) => {
    chain.height = to
    tip.value = fakeBlock(to, 0)
    await settle()
  }
  return { fake, tip, chain, limits, eras, move, aborted }
}

describe('Eras', () => {
  it('loads all once, and only what changed when an era opens or closes', async () => {
    const { eras, move, limits } = create(205)
    await settle()
    await move(205)
    await move(206)
    await move(208)
    expect(limits).toEqual([ERAS_KEPT])
    await move(209)
    await move(210)
    await move(211)
    expect(limits).toEqual([ERAS_KEPT, 6, 6])
    expect(eras.last.value?.id).toBe(20)
    expect(eras.eras.value.at(-1)).toMatchObject({ id: 21, open: true })
    eras[Symbol.dispose]()
  })

  it('counts the open era by the tip', async () => {
    const { eras, move } = create(205)
    await settle()
    await move(205)
    expect(eras.estimate.value).toMatchObject({ expected: 10, done: 6, left: 4, msLeft: 32_000 })
    await move(207)
    expect(eras.estimate.value).toMatchObject({ done: 8, left: 2 })
    eras[Symbol.dispose]()
  })

  it('loads all again after a long absence, without a hole', async () => {
    const { eras, move, limits } = create(205)
    await settle()
    await move(205)
    await move(905)
    expect(limits).toEqual([ERAS_KEPT, 6, ERAS_KEPT])
    const ids = eras.eras.value.map((era) => era.id)
    expect(ids).toEqual(Array.from({ length: 91 }, (_, id) => id))
    eras[Symbol.dispose]()
  })

  it('asks again while the list lags behind the newest block', async () => {
    const { eras, move, tip, limits, fake } = create(205)
    await settle()
    await move(205)
    tip.value = fakeBlock(210, 0)
    await settle()
    expect(eras.last.value?.id).toBe(19)
    await move(210)
    await fake.pass(5_000)
    expect(eras.last.value?.id).toBe(20)
    const settled = limits.length
    await fake.pass(60_000)
    expect(limits.length).toBe(settled)
    eras[Symbol.dispose]()
  })

  it('keeps what it has when asking fails, and asks again', async () => {
    const { eras, move, chain, fake } = create(205)
    await settle()
    await move(205)
    chain.fault = new Error('offline')
    await move(210)
    expect(eras.error.value?.message).toBe('offline')
    expect(eras.last.value?.id).toBe(19)
    chain.fault = null
    await fake.pass(5_000)
    expect(eras.error.value).toBeNull()
    expect(eras.last.value?.id).toBe(20)
    eras[Symbol.dispose]()
  })

  it('frees its timer and aborts what is under way', async () => {
    const { eras, move, chain, fake, aborted } = create(205)
    await settle()
    await move(205)
    chain.fault = new Error('offline')
    await move(210)
    expect(fake.timers()).toBe(1)
    eras[Symbol.dispose]()
    expect(fake.timers()).toBe(0)
    expect(aborted()).toBeGreaterThan(0)
  })
})

describe('merge()', () => {
  it('lets the newer answer win and keeps no more than are shown', () => {
    const known = Array.from({ length: ERAS_KEPT }, (_, id) => fakeEra(id, id === ERAS_KEPT - 1))
    const merged = merge(known, [fakeEra(ERAS_KEPT, true), fakeEra(ERAS_KEPT - 1, false)])
    expect(merged.length).toBe(ERAS_KEPT)
    expect(merged[0]?.id).toBe(1)
    expect(merged.at(-2)).toMatchObject({ id: ERAS_KEPT - 1, open: false })
  })
})
