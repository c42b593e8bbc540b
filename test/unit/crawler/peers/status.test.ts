import { expect, test } from 'vitest'
import { parseStatus } from '../../../../crawler/peers/status.ts'
import { keyOf, statusOf } from '../../../support/peers.ts'

test('a status gives the network, the version, the key and whom the node is connected to', () => {
  expect(parseStatus(statusOf(['1.1.1.1:35000', '[2a01::1]:35000']))).toEqual({
    network: 'casper-recorded',
    said: { validator: keyOf(0), version: '2.0.3-abcdef-casper-mainnet', apiVersion: '2.0.0' },
    told: ['1.1.1.1:35000', '[2a01::1]:35000'],
  })
})

test('a node may have no key; keys are written in one way', () => {
  for (const none of [null, undefined]) {
    expect(parseStatus(statusOf([], { our_public_signing_key: none }))?.said.validator).toBe(null)
  }
  const key = `02${'AB'.repeat(33)}`
  expect(parseStatus(statusOf([], { our_public_signing_key: key }))?.said.validator).toBe(key.toLowerCase())
})

test.each([
  ['control characters', { build_version: '2.0.3\u001b[2J' }],
  ['a line break', { build_version: '2.0.3\nlevel=error' }],
  ['markup and spaces', { build_version: '<img src=x onerror=alert(1)>' }],
  ['a text turned round', { build_version: '2.0.3\u202e' }],
  ['an endless version', { build_version: '2'.repeat(101) }],
  ['no version', { build_version: undefined }],
  ['a version that is none', { api_version: 'two' }],
  ['a version of another type', { api_version: 2 }],
  ['an endless name', { chainspec_name: 'c'.repeat(101) }],
  ['the key of the system', { our_public_signing_key: '00' }],
  ['half a key', { our_public_signing_key: '01ab' }],
  ['a key of an unknown kind', { our_public_signing_key: `03${'00'.repeat(32)}` }],
  ['peers that are no list', { peers: { 'tls:1': '1.1.1.1:1' } }],
])('%s: no status', (_, changed) => {
  expect(parseStatus(statusOf([], changed))).toBe(null)
})

test.each([[null], [[]], ['text'], [7]])('%j is no status', (answer) => {
  expect(parseStatus(answer)).toBe(null)
})

test('of ten thousand peers a thousand are heard, and odd ones spoil nothing', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `9.9.${i >> 8}.${i & 255}:35000`)
  expect(parseStatus(statusOf(many))?.told).toEqual(many.slice(0, 1_000))
  const odd = parseStatus({ ...statusOf([]), peers: [null, 7, {}, { address: 7 }, { address: 'x' }] })
  expect(odd?.told).toEqual([undefined, undefined, undefined, undefined, 'x'])
})
