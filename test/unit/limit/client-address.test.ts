import { expect, test } from 'vitest'
import { toClientAddress } from '../../../src/limit/client-address.ts'

const claims = (parts: Record<string, string>) => new Headers(parts)
const both = claims({ 'cf-connecting-ip': '203.0.113.1', 'x-forwarded-for': '10.0.0.1, 203.0.113.2' })

test('nobody is believed: the address is the connection, or one for all', () => {
  expect(toClientAddress('none', both, '192.0.2.1')).toBe('192.0.2.1')
  expect(toClientAddress('none', both, undefined)).toBe(toClientAddress('none', claims({}), undefined))
})

test('a proxy of ours adds the last forwarded address, Cloudflare its own header', () => {
  expect(toClientAddress('forwarded', both, '192.0.2.1')).toBe('203.0.113.2')
  expect(toClientAddress('cloudflare', both, '192.0.2.1')).toBe('203.0.113.1')
})

test('what the trusted one does not say is the connection', () => {
  for (const proxy of ['forwarded', 'cloudflare'] as const) {
    expect(toClientAddress(proxy, claims({}), '192.0.2.1')).toBe('192.0.2.1')
    expect(toClientAddress(proxy, claims({ 'x-forwarded-for': ' ' }), '192.0.2.1')).toBe('192.0.2.1')
  }
})
