import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { findFreePorts, isPortFree } from '../../../scripts/ports.ts'

test('free ports are different, free, and none that the system gives to outgoing connections', async () => {
  const ports = await findFreePorts(50)
  expect(new Set(ports).size).toBe(50)
  expect(Math.max(...ports)).toBeLessThan(32_768)
  const [port = 0] = ports
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  expect(await isPortFree(port)).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  expect(await isPortFree(port)).toBe(true)
})
