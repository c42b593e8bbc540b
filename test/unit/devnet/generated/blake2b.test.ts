import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { blake2b256 } from '../../../../crawler/devnet/generated/blake2b.ts'

test('hashes of every length around the block size are those of another implementation', () => {
  const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => (i * 131 + (i >> 3)) & 255))
  for (let length = 0; length <= bytes.length; length += length < 400 ? 1 : 37) {
    const message = bytes.subarray(0, length)
    expect(blake2b256(message), `${length} bytes`).toBe(bytesToHex(blake2b(message, { dkLen: 32 })))
  }
})
