import { expect, test } from 'vitest'
import { toClientKey } from '../../../src/limit/client-key.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
])('toClientKey() of %s is %s', (address, key) => {
  expect(toClientKey(address)).toBe(key)
})

test.each(['unknown', '', '1:2:3', '1::2::3', '12345::', '::ffff:300.0.0.1', '1:2:3:4:5:6:7:8:9', 'g::'])(
  'what is no address (%s) is counted under its own text',
  (text) => {
    expect(toClientKey(text)).toBe(text)
  },
)
