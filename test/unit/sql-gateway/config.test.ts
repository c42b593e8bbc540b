import { expect, test } from 'vitest'
import { parseConfig } from '../../../crawler/sql-gateway/config.ts'

const GOOD = {
  GATEWAY_DATABASE_URL: 'mysql://reader:p%40ss@127.0.0.1:3307/casper',
  GATEWAY_USER: 'edge',
  GATEWAY_PASSWORD: 'a-long-enough-password',
}

test('parseConfig: defaults, and numbers read from text', () => {
  expect(parseConfig(GOOD)).toMatchObject({
    port: 8730,
    host: '127.0.0.1',
    user: 'edge',
    caps: { connections: 16 },
  })
  expect(parseConfig({ ...GOOD, GATEWAY_PORT: '9000', GATEWAY_MAX_ROWS: '50' })).toMatchObject({
    port: 9000,
    caps: { rows: 50 },
  })
  expect(parseConfig({ ...GOOD, GATEWAY_PORT: '', UNRELATED: 'x' }).port).toBe(8730)
})

test.each([
  [{ GATEWAY_DATABASE_URL: undefined }, 'GATEWAY_DATABASE_URL is not set.'],
  [{ GATEWAY_DATABASE_URL: '' }, 'GATEWAY_DATABASE_URL is not set.'],
  [{ GATEWAY_DATABASE_URL: 'casper' }, 'GATEWAY_DATABASE_URL must be a URL like'],
  [{ GATEWAY_DATABASE_URL: 'http://u:secret@h/db' }, 'GATEWAY_DATABASE_URL must begin with mysql://'],
  [{ GATEWAY_DATABASE_URL: 'mysql://u:secret@h' }, 'GATEWAY_DATABASE_URL must name a database'],
  [
    { GATEWAY_DATABASE_URL: 'mysql://u:secret@h/db?multipleStatements=true' },
    'GATEWAY_DATABASE_URL cannot set "multipleStatements"',
  ],
  [{ GATEWAY_USER: 'a:b' }, 'GATEWAY_USER may hold letters, digits and . _ ~ - only.'],
  [{ GATEWAY_PASSWORD: 'secret-and-percent%40' }, 'GATEWAY_PASSWORD may hold letters'],
  [{ GATEWAY_PASSWORD: 'secret' }, 'GATEWAY_PASSWORD must have 16 characters or more.'],
  [{ GATEWAY_PORT: '70000' }, 'GATEWAY_PORT '],
  [{ GATEWAY_PORT: 'secret' }, 'GATEWAY_PORT '],
  [{ GATEWAY_CONNECTIONS: '0' }, 'GATEWAY_CONNECTIONS '],
  [{ GATEWAY_MAX_ROWS: '1.5' }, 'GATEWAY_MAX_ROWS '],
])('parseConfig: %o stops with its name and without its value', (bad, message) => {
  const parse = () => parseConfig({ ...GOOD, ...bad })
  expect(parse).toThrow(message)
  expect(parse).not.toThrow('secret')
})
