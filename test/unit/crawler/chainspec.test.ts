import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseChainspec } from '../../../crawler/decode/chainspec.ts'
import { Field } from '../../../crawler/decode/field.ts'

const parse = (toml: string) =>
  parseChainspec(
    new Field(
      { chainspec_bytes: { chainspec_bytes: Buffer.from(toml, 'utf8').toString('hex') } },
      'info_get_chainspec',
    ),
  )

const toml = (...core: string[]) =>
  ["[protocol]\n# Protocol version.\nversion = '2.2.0'", '[core]', 'unbonding_delay = 7', ...core].join('\n')

describe('a chainspec', () => {
  test.each([
    [
      'rewards_handling =  { type = \'sustain\', ratio = [2,8], purse_address = "uref-5bd5-007" }',
      { version: '2.2.0', numerator: 2n, denominator: 8n },
    ],
    ["rewards_handling = { type = 'standard' }", { version: '2.2.0', numerator: 0n, denominator: 1n }],
    ['fee_handling = { type = "burn" }', { version: '2.2.0', numerator: 0n, denominator: 1n }],
    ["rewards_handling = { type = 'lottery' }", null],
    ["rewards_handling = { type = 'sustain' }", null],
    ["rewards_handling = { type = 'sustain', ratio = [1, 0] }", null],
    ['rewards_handling = "sustain"', null],
  ])('that says %s', (setting, rewardsHandling) => {
    expect(parse(toml(setting))).toEqual({ unbondingDelay: 7, rewardsHandling })
  })

  test('without a version speaks for no era', () => {
    expect(parse("[core]\nrewards_handling = { type = 'standard' }").rewardsHandling).toBeNull()
  })
})

/* Real files of public networks, which lie beside the checkout and not in it. */
const samples = join(import.meta.dirname, '../../../../shared/casper-data')
const files = existsSync(samples) ? globSync('*/chainspec/*/chainspec.toml', { cwd: samples }).sort() : []
if (files.length === 0) console.warn(`Real chainspecs are not tried: there is no ${samples}`)

describe.skipIf(files.length === 0)('the chainspecs of public networks', () => {
  test.each(files)('%s', (file) => {
    const { unbondingDelay, rewardsHandling } = parse(readFileSync(join(samples, file), 'utf8'))
    expect(unbondingDelay).toBeGreaterThan(0)
    const [numerator, denominator] = file.includes('2.2.0') ? [2n, 8n] : [0n, 1n]
    expect(rewardsHandling).toMatchObject({ numerator, denominator })
  })
})
