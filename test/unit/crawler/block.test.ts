import { describe, expect, test } from 'vitest'
import { type ChainBlock, parseBlock } from '../../../crawler/decode/block.ts'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { parseJson } from '../../../crawler/node/json.ts'
import { toBlockHash, toBodyHash } from '../../../crawler/verify/block-hash.ts'
import { VerifyFault, verifyBlock, verifyParent } from '../../../crawler/verify/verify.ts'
import { useRecording } from '../../support/chain.ts'

function answer(
  name: 'casper-1x' | 'casper-2x' | 'casper-upgrade',
  height: number,
  shape?: 'node-1x',
): Record<string, unknown> {
  const text = useRecording(name, shape).block(height)?.answer.toString() ?? ''
  return parseJson(text) as Record<string, unknown>
}

function block(name: Parameters<typeof answer>[0], height: number, shape?: 'node-1x'): ChainBlock {
  const parsed = parseBlock(new Field(answer(name, height, shape), 'chain_get_block'))
  if (parsed === null) throw new Error('no block')
  return parsed
}

/** A copy of an answer with one member changed. */
function altered(name: Parameters<typeof answer>[0], height: number, path: string, value: unknown): Field {
  const copy = structuredClone(answer(name, height))
  const names = path.split('.')
  let at = copy as Record<string, unknown>
  for (const member of names.slice(0, -1)) at = at[member] as Record<string, unknown>
  at[names.at(-1) ?? ''] = value
  return new Field(copy, 'chain_get_block')
}

describe('hashes of both generations are recomputed', () => {
  test('ordinary block of 1.x, the worked example', () => {
    const b = block('casper-1x', 551)
    expect(toBodyHash(b)).toBe('fe9d413b81526cb6b75aaacdc1ea29b51b27f6be00be3567cba207ea4e7a616e')
    expect(toBlockHash(b)).toBe('a30d1fb2959f62cb78681242b91cfdb32edf0e5de495f5bfa3b879979422bee9')
  })
  test('switch block of 1.x, the worked example', () => {
    expect(toBlockHash(block('casper-1x', 9))).toBe(
      'c68a9cb189267e883e73e5167525da08d4593c8bb8e248ace36ec9a20fe6f19d',
    )
  })
  test('switch block of 1.x with an inactive validator', () => {
    expect(toBlockHash(block('casper-1x', 171))).toBe(
      '895c87c8090eb728927180328c0f74465e79a2e65cb4df430f2092d10a305b5f',
    )
  })
  test('block of 2.x with two lanes, the worked example', () => {
    const b = block('casper-upgrade', 444)
    expect(toBodyHash(b)).toBe('89f4516df1d9b68aa3d1e5119bf46a836ee816e217ff3f026d3d8632f2594736')
    expect(toBlockHash(b)).toBe('f42392824bec0710e268bb2452090e108a50907a8b215ceef2e49498a9ca0528')
  })
  test('switch block of 2.x with rewards in two entries', () => {
    expect(toBlockHash(block('casper-upgrade', 289))).toBe(
      'f6ad62357f6ba6ec98c7c1027d0b9dde99e6315f3ca2fd4235ffee9feadfac87',
    )
  })
})

test('a 1.x block is the same through its own node and through a sidecar', () => {
  for (const height of [0, 8, 120, 248]) {
    expect(block('casper-upgrade', height, 'node-1x')).toEqual(block('casper-upgrade', height))
  }
})

describe('a block that is not what it claims is refused', () => {
  const v2 = 'block_with_signatures.block.Version2'
  const refused = (field: Field, height: number) => {
    const parsed = parseBlock(field)
    if (parsed === null) throw new Error('no block')
    try {
      verifyBlock(parsed, height)
    } catch (error) {
      return error as VerifyFault
    }
    throw new Error('accepted')
  }
  test.each([
    ['another state root', `${v2}.header.state_root_hash`, '0'.repeat(64), 'BLOCK_HASH'],
    ['another time', `${v2}.header.timestamp`, '2026-11-23T22:05:09.927Z', 'BLOCK_HASH'],
    ['another proposer', `${v2}.header.proposer`, '00', 'BLOCK_HASH'],
    ['another hash', `${v2}.hash`, 'ab'.repeat(32), 'BLOCK_HASH'],
    ['transactions left out', `${v2}.body.transactions`, {}, 'BODY_HASH'],
    ['signatures added', `${v2}.body.rewarded_signatures`, [[255]], 'BODY_HASH'],
  ])('%s', (_name, path, value, code) => {
    expect(refused(altered('casper-upgrade', 444, path, value), 444)).toMatchObject({
      name: 'VerifyFault',
      code,
      height: 444,
    })
  })
  test('a true block of another height', () => {
    expect(refused(new Field(answer('casper-upgrade', 444), ''), 445)).toMatchObject({
      code: 'HEIGHT',
      expected: '445',
      got: '444',
    })
  })
  test('a block that stands on another parent, naming both hashes', () => {
    const b = block('casper-upgrade', 444)
    expect(() => verifyParent(b, 'cd'.repeat(32))).toThrow(
      /444.*cdcdcd.*88a7018337dbdacac2aebbb88127d830b80d1b2c797f7e68c87062e502524027/,
    )
  })
})

describe('a shape that we do not know names its place', () => {
  test.each([
    [
      'block_with_signatures.block',
      { Version3: {} },
      /block_with_signatures\.block: expected Version1 or Version2/,
    ],
    ['block_with_signatures.block.Version2.header.era_id', '57', /header\.era_id: expected an integer/],
    ['block_with_signatures.block.Version2.header.timestamp', '2026-11-23', /timestamp: expected a UTC time/],
    ['block_with_signatures.block.Version2.header.protocol_version', '2.0', /protocol_version: expected/],
    ['block_with_signatures.block.Version2.body.transactions', { x: [] }, /transactions\.x: expected a lane/],
    [
      'block_with_signatures.block.Version2.body.transactions',
      { 0: [{ Version2: 'ab' }] },
      /transactions\.0\[0\]: expected Deploy or Version1/,
    ],
    ['block_with_signatures.block.Version2.header.proposer', '03aa', /proposer: expected a public key/],
  ])('%s', (path, value, message) => {
    const field = altered('casper-upgrade', 444, path, value)
    expect(() => parseBlock(field)).toThrow(DecodeFault)
    expect(() => parseBlock(field)).toThrow(message)
  })
})

test('parseBlock() survives garbage: it either parses or faults, whatever is put anywhere', () => {
  const garbage = [null, 0, -1, '', 'x', [], {}, true, 1e300, 18446744073709551616n, { a: { b: [] } }]
  const walk = (value: unknown, path: string[], visit: (path: string[]) => void) => {
    if (typeof value !== 'object' || value === null) return
    for (const name of Object.keys(value)) {
      visit([...path, name])
      walk((value as Record<string, unknown>)[name], [...path, name], visit)
    }
  }
  let faults = 0
  for (const height of [289, 444]) {
    walk(answer('casper-upgrade', height), [], (path) => {
      for (const value of garbage) {
        try {
          const parsed = parseBlock(altered('casper-upgrade', height, path.join('.'), value))
          if (parsed) verifyBlock(parsed, height)
        } catch (error) {
          expect(['DecodeFault', 'VerifyFault']).toContain((error as Error).name)
          faults++
        }
      }
    })
  }
  expect(faults).toBeGreaterThan(500)
})
