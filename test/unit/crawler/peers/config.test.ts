import { expect, test } from 'vitest'
import { parsePeerConfig } from '../../../../crawler/peers/config.ts'

test('the defaults look around each ten minutes, and never at private addresses', () => {
  expect(parsePeerConfig({ PEERS_STATUS_PORT: '' })).toEqual({
    PEERS_EVERY_SECONDS: 600,
    PEERS_STATUS_PORT: 8888,
    PEERS_KEEP_DAYS: 7,
    PEERS_LOCATIONS: [],
    PEERS_ALLOW_PRIVATE: false,
  })
})

test.each([
  [{ PEERS_EVERY_SECONDS: 'often' }, 'PEERS_EVERY_SECONDS: must be a number of seconds, not "often"'],
  [{ PEERS_EVERY_SECONDS: '-1' }, 'PEERS_EVERY_SECONDS: must be 0 (off) or more, not "-1"'],
  [{ PEERS_EVERY_SECONDS: '86401' }, 'PEERS_EVERY_SECONDS: must be at most 86400, a day, not "86401"'],
  [{ PEERS_STATUS_PORT: '65536' }, 'PEERS_STATUS_PORT: must be a port, not "65536"'],
  [{ PEERS_KEEP_DAYS: '0' }, 'PEERS_KEEP_DAYS: must be 1 or more, not "0"'],
  [{ PEERS_ALLOW_PRIVATE: '1' }, 'PEERS_ALLOW_PRIVATE: must be true or false, not "1"'],
])('%j stops the start', (env, message) => {
  expect(() => parsePeerConfig(env)).toThrow(message)
})
