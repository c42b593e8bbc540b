import { expect, test } from 'vitest'
import { type EndpointName, endpoints } from '../../../src/api/endpoints.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { createRandom } from '../../support/builders.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'

const chain = makeChain({ eras: [1, ...Array(5).fill(20), 1, 7] })
const names = Object.keys(endpoints) as EndpointName[]

const VALUES = [
  ...[
    '',
    '0',
    '1',
    '-1',
    '1.5',
    '1e3',
    '1e400',
    '-0',
    '0x10',
    'NaN',
    'Infinity',
    '99999999',
    '9007199254740993',
  ],
  ...[
    '4294967295',
    '4294967296',
    'latest',
    'current',
    'abc',
    'null',
    'undefined',
    '__proto__',
    'id',
    'id DESC',
  ],
  ...['desc', 'asc', 'csv', 'cspr', 'in', 'out', 'height,time', 'a,b', '2021-03-31T00:00:00Z', '2021-03-31'],
  ...[
    '+275760-09-13T00:00:00.000Z',
    '0000-01-01T00:00:00Z',
    '{}',
    '[]',
    '{',
    '{"where":{"id":1}}',
    '{"limit":-1}',
  ],
  ...[
    chain.blocks[5]!.hash,
    '%00',
    '%F0%9F%9A%97',
    "'; DROP TABLE blocks; --",
    '../../etc/passwd',
    'x'.repeat(300),
  ],
  ...['01'.repeat(33), `account-hash-${'ab'.repeat(32)}`, `uref-${'cd'.repeat(32)}-007`],
].map((value) => (value.startsWith('%') ? value : encodeURIComponent(value)))

test('nothing that is asked is answered with a fault', async () => {
  const store = createArrayStore(chain)
  const { ask } = mountRoutes(store)
  const random = createRandom(21)
  const statuses = new Map<number, number>()
  for (let round = 0; round < 4_000; round++) {
    const endpoint = endpoints[names[random(names.length)]!]
    const path = endpoint.path.replace(':id', VALUES[random(VALUES.length)] || '0')
    const shape = Object.keys(endpoint.params.shape)
    const query = Array.from({ length: random(4) }, () => {
      const name = random(12) ? shape[random(shape.length)] : 'filter[where][id][gt]'
      return `${name ?? 'x'}=${VALUES[random(VALUES.length)]}`
    }).join('&')
    // Anything but a problem of ours is thrown on by the mount.
    const { status, body, reply } = await ask(`${path}?${query}`)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    expect([200, 400, 404], `${path}?${query}`).toContain(status)
    if (status === 200 && reply?.type === 'application/json') JSON.parse(body)
    if (status !== 200) expect(JSON.parse(body).error.statusCode).toBe(status)
  }
  // The test would say nothing if all of it were refused.
  expect([...statuses.keys()].sort()).toEqual([200, 400, 404])
  expect(statuses.get(200)).toBeGreaterThan(400)
})
