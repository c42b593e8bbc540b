import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCommand } from '../../../crawler/cli/labels.ts'
import { SYSTEM_ACCOUNT, toAccountHash } from '../../../src/domain/keys.ts'
import { checkLabels } from '../../../src/domain/label.ts'
import { hashOf, keyOf, longKeyOf } from '../../support/builders.ts'

const folder = join(import.meta.dirname, '../../../src/domain/labels')
const files = globSync('*.json', { cwd: folder })
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))

const label = (given: object) => ({
  name: 'Somebody',
  kind: 'other',
  source: 'https://example.org/',
  ...given,
})
const check = (...labels: object[]) => checkLabels({ network: 'demo', labels }, 'demo')

describe('the labels of known networks', () => {
  test.each(files)('%s are good', (name) => {
    const { labels, faults } = checkLabels(read(name), basename(name, '.json'))
    expect(faults).toEqual([])
    expect(
      labels.some(({ party }) => party.kind === 'key' && toAccountHash(party.key) === SYSTEM_ACCOUNT),
    ).toBe(true)
  })

  test('of mainnet name the five vaults of genesis', () => {
    expect(
      checkLabels(read('casper.json'), 'casper').labels.filter(({ kind }) => kind === 'vault'),
    ).toHaveLength(5)
  })
})

describe('a file of labels', () => {
  test('may name a key, an account or a purse, in any case', () => {
    const { labels, faults } = check(
      label({
        key: longKeyOf('a').toUpperCase(),
        accountHash: `account-hash-${toAccountHash(longKeyOf('a'))}`,
      }),
      label({ accountHash: hashOf('b'), note: 'Why.' }),
      label({ purse: `uref-${hashOf('c')}-007` }),
    )
    expect(faults).toEqual([])
    expect(labels).toMatchObject([
      { party: { kind: 'key', key: longKeyOf('a') }, note: null },
      { party: { kind: 'account', hash: hashOf('b') }, note: 'Why.' },
      { party: { kind: 'purse', purse: hashOf('c') } },
    ])
  })

  test.each<[string, object[], string]>([
    [
      'a key twice',
      [label({ key: keyOf('a') }), label({ key: keyOf('a') })],
      'labels.1: the same party as labels.0',
    ],
    [
      'a key and its account hash apart',
      [label({ key: keyOf('a') }), label({ accountHash: toAccountHash(keyOf('a')) })],
      'labels.1: the same party as labels.0',
    ],
    ['a malformed key', [label({ key: `03${hashOf('a')}` })], 'labels.0: Not a public key'],
    [
      'an account hash of another key',
      [label({ key: keyOf('a'), accountHash: hashOf('b') })],
      'labels.0: accountHash is',
    ],
    ['nobody', [label({})], 'labels.0: needs a key'],
    [
      'a purse with a key',
      [label({ purse: `uref-${hashOf('c')}`, key: keyOf('a') })],
      'labels.0: a purse has no key',
    ],
    ['an unknown kind', [label({ key: keyOf('a'), kind: 'whale' })], 'labels.0.kind'],
    ['no source', [label({ key: keyOf('a'), source: 'somebody said' })], 'labels.0.source'],
    ['an unknown member', [label({ key: keyOf('a'), nmae: 'x' })], 'labels.0'],
  ])('with %s is refused with the place', (_, labels, fault) => {
    expect(check(...labels).faults).toEqual([expect.stringContaining(fault)])
  })

  test('of another network is refused', () => {
    expect(checkLabels({ network: 'casper', labels: [] }, 'casper-test').faults).toEqual([
      'network: casper, not casper-test',
    ])
    expect(checkLabels(null, 'casper').faults).toHaveLength(1)
  })
})

test('the command names what is wrong, and fails', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'labels-'))
  const said: string[] = []
  const given = {
    flags: {},
    env: {},
    out: (text: string) => said.push(text),
    err: (text: string) => said.push(text),
  }
  expect(await checkCommand.run({ ...given, words: [] })).toBe(0)
  expect(said).toHaveLength(files.length)
  const path = join(dir, 'demo.json')
  writeFileSync(path, '{ "network": "demo", "labels": [')
  expect(await checkCommand.run({ ...given, words: [path] })).toBe(1)
  expect(said.at(-1)).toContain(`${path}: `)
  rmSync(dir, { recursive: true })
})
