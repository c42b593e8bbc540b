import { expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../../src/config.ts'

const GATEWAY_URL = 'http://edge:secret@127.0.0.1:8730'

test('the gateway alone is enough', () => {
  expect(parseConfig({ GATEWAY_URL })).toMatchObject({
    GATEWAY_URL,
    PORT: 8_787,
    LOG_EVERY: 0,
    TRUST_PROXY: 'none',
    PUBLIC_URL: 'https://cache.invalid',
  })
})

test('empty values are absent, and bindings are none of ours', () => {
  const config = parseConfig({ GATEWAY_URL, NETWORK: '', VALUES: { get() {} }, PATH: '/bin' })
  expect(config.NETWORK).toBeUndefined()
  expect(Object.keys(config)).not.toContain('VALUES')
})

test.each([
  ['GATEWAY_URL', undefined, 'GATEWAY_URL is not set'],
  ['GATEWAY_URL', 'mysql://a@b/c', 'GATEWAY_URL: must be a URL such as'],
  ['PURGE_TOKEN', 'short', 'PURGE_TOKEN: must have at least 16 characters'],
  ['GENESIS', 'xyz', 'GENESIS: must be 8 to 64 hex digits'],
  ['NETWORK', 'Casper Main', 'NETWORK: must be a chain name'],
  ['PORT', '70000', 'PORT: '],
  ['CACHE_MB', 'much', 'CACHE_MB: must be a whole number'],
  ['TRUST_PROXY', 'maybe', 'TRUST_PROXY: must be false, true'],
  ['ZONE_ID', '0'.repeat(32), 'PURGE_API_TOKEN is not set, though its companion is'],
])('%s = %s stops the start with its name', (name, value, message) => {
  expect(() => parseConfig({ GATEWAY_URL, [name]: value })).toThrow(ConfigError)
  expect(() => parseConfig({ GATEWAY_URL, [name]: value })).toThrow(message)
})

test.each([
  ['0', 'none'],
  ['false', 'none'],
  ['1', 'forwarded'],
  ['true', 'forwarded'],
  ['cloudflare', 'cloudflare'],
])('TRUST_PROXY = %s believes %s', (value, proxy) => {
  expect(parseConfig({ GATEWAY_URL, TRUST_PROXY: value }).TRUST_PROXY).toBe(proxy)
})

test('a message never shows a secret', () => {
  try {
    parseConfig({ GATEWAY_URL: 'ftp://edge:hunter22@x', PURGE_TOKEN: 'hunter22' })
  } catch (error) {
    expect(String(error)).not.toContain('hunter22')
  }
})
