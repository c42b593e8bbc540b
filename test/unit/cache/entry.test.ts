import { expect, test } from 'vitest'
import { DamagedError, type Entry } from '../../../src/cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../../src/cache/entry.ts'

const entry: Entry = {
  bytes: Uint8Array.from([1, 2, 3, 250]),
  storedAt: 1_700_000_000_123,
  freshUntil: 1_700_000_008_123,
  staleUntil: 1_700_000_068_123,
  errorUntil: 4_887_000_000_000,
  tags: ['block', 'id:blocks/12', 'ä'],
}

test('an entry comes back as it was, from the middle of a larger buffer too', () => {
  const bytes = encodeEntry(entry)
  expect(decodeEntry(bytes)).toEqual(entry)
  const larger = new Uint8Array(bytes.length + 20)
  larger.set(bytes, 7)
  expect(decodeEntry(larger.subarray(7, 7 + bytes.length))).toEqual(entry)
})

test('no tags and no bytes are an entry too', () => {
  const empty = { ...entry, bytes: new Uint8Array(), tags: [] }
  expect(decodeEntry(encodeEntry(empty))).toEqual(empty)
})

test('what was cut at any place, or is something else, is damaged', () => {
  const bytes = encodeEntry(entry)
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeEntry(bytes.subarray(0, length))).toThrow(DamagedError)
  }
  const other = bytes.slice()
  other[0] = 0
  expect(() => decodeEntry(other)).toThrow(DamagedError)
  expect(() => decodeEntry(new Uint8Array([...bytes, 0]))).toThrow(DamagedError)
})

test('what another release wrote in its own layout is only not there', () => {
  const older = encodeEntry(entry)
  older[3] = '1'.charCodeAt(0)
  expect(decodeEntry(older)).toBeNull()
})

test('the value is a view: decoding a page copies nothing', () => {
  const bytes = encodeEntry(entry)
  expect(decodeEntry(bytes)?.bytes.buffer).toBe(bytes.buffer)
})
