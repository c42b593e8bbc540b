import { describe, expect, it } from 'vitest'
import { createClock } from '../../../site/state/clock.ts'
import { createPorts } from './fakes.ts'

describe('createClock()', () => {
  it('ticks only while somebody reads it', async () => {
    const fake = createPorts()
    const clock = createClock(fake.ports)
    expect(fake.timers()).toBe(0)
    const seen: number[] = []
    const leave = clock.subscribe((now) => seen.push(now))
    await fake.pass(3_000)
    expect(seen.length).toBeGreaterThanOrEqual(4)
    expect(fake.timers()).toBe(1)
    leave()
    expect(fake.timers()).toBe(0)
    expect(fake.listeners()).toBe(0)
  })

  it('stands still in a hidden tab and jumps to the present when it is shown', async () => {
    const fake = createPorts()
    const clock = createClock(fake.ports)
    const leave = clock.subscribe(() => {})
    await fake.pass(1_000)
    fake.hide(true)
    expect(fake.timers()).toBe(0)
    await fake.pass(60_000)
    fake.hide(false)
    expect(clock.value).toBe(fake.now())
    leave()
  })
})
