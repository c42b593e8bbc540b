import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsePeerConfig } from '../../../../crawler/peers/config.ts'
import { openLocations } from '../../../../crawler/peers/locations.ts'
import { checkLocations } from '../../../../crawler/peers/open.ts'
import { NOWHERE } from '../../../../src/domain/peer.ts'
import { toBits, writeMmdb } from '../../../support/mmdb.ts'

const HELSINKI = {
  city: 'Helsinki',
  country_code: 'FI',
  latitude: 60.169898986816406,
  longitude: 24.938400268554688,
  postcode: '',
  state1: 'Uusimaa',
  state2: '',
  timezone: 'Europe/Helsinki',
}
const IN_HELSINKI = {
  country: 'FI',
  region: 'Uusimaa',
  city: 'Helsinki',
  postal: null,
  timezone: 'Europe/Helsinki',
  latitude: 60.1699,
  longitude: 24.9384,
  organisation: null,
}

// 42.1.4.248 are the first bits of 2a01:4f8::, too.
const cities4 = writeMmdb(4, [
  [toBits('65.109.17.120'), HELSINKI],
  [toBits('42.1.4.248'), { city: 'Guangzhou', country_code: 'CN' }],
])
const cities6 = writeMmdb(6, [[toBits('2a01:4f8'), { city: 'Nürnberg', country_code: 'DE' }]])

test('an address has the place that the file for its kind tells', async () => {
  const locate = await openLocations([cities4, cities6])
  expect(locate('65.109.17.120')).toEqual(IN_HELSINKI)
  expect(locate('2a01:4f8::1')).toEqual({ ...NOWHERE, city: 'Nürnberg', country: 'DE' })
  expect(locate('65.109.17.121')).toEqual(NOWHERE)
})

test('a file of IPv4 addresses tells nothing of an IPv6 address', async () => {
  const locate = await openLocations([cities4])
  expect(locate('42.1.4.248').city).toBe('Guangzhou')
  expect(locate('2a01:4f8::1')).toEqual(NOWHERE)
})

test('what one file does not tell another one may', async () => {
  const networks = writeMmdb(4, [
    [
      toBits('65.109'),
      { autonomous_system_number: 24940, autonomous_system_organization: 'Hetzner Online GmbH' },
    ],
  ])
  const locate = await openLocations([cities4, networks])
  expect(locate('65.109.17.120')).toEqual({ ...IN_HELSINKI, organisation: 'Hetzner Online GmbH' })
  expect(locate('65.109.1.1')).toEqual({ ...NOWHERE, organisation: 'Hetzner Online GmbH' })
})

test('odd values count as not told', async () => {
  const odd = writeMmdb(4, [
    [
      toBits('1.1.1.1'),
      { country_code: 'fi', city: 'A\u001b[2J\u202eb\n', latitude: 999, longitude: 5, timezone: ' ' },
    ],
    [toBits('1.1.1.2'), { country_code: { iso: 'FI' }, city: 7, latitude: 'north' }],
  ])
  const locate = await openLocations([odd])
  expect(locate('1.1.1.1')).toEqual({ ...NOWHERE, city: 'A[2Jb' })
  expect(locate('1.1.1.2')).toEqual(NOWHERE)
})

test('without a file nobody has a place', async () => {
  expect((await openLocations([]))('65.109.17.120')).toEqual(NOWHERE)
})

test('a file that is not there, or none of the kind, is named at the start', async () => {
  const text = `${cities4}.txt`
  writeFileSync(text, 'no database')
  const check = (files: string) => checkLocations(parsePeerConfig({ PEERS_LOCATIONS: files }))
  await expect(check(`${cities4}, /nosuch.mmdb`)).rejects.toThrow(
    'PEERS_LOCATIONS: /nosuch.mmdb cannot be read (ENOENT)',
  )
  await expect(check(text)).rejects.toThrow(`PEERS_LOCATIONS: ${text} cannot be read (it is no MMDB file)`)
  await check(` ${cities4} ,${cities6}`)
})
