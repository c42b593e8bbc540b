import type { RewardsHandling } from '../../src/domain/supply/sustain.ts'
import { Field } from './field.ts'

/** What is read of a network's settings. */
export interface Chainspec {
  /** Eras that stake waits before it is paid out; null where the file does not say. */
  readonly unbondingDelay: number | null
  /** Who gets an era's new motes; null where the file says it in a way that we do not know. */
  readonly rewardsHandling: RewardsHandling | null
}

const UNBONDING_DELAY = /^[ \t]*unbonding_delay\b.*$/gm
const ERAS = /^\s*unbonding_delay\s*=\s*(\d{1,6})\s*(?:#.*)?$/
const VERSION = /^\s*\[protocol\][^[]*?^\s*version\s*=\s*['"](\d+\.\d+\.\d+)['"]/m
const REWARDS_HANDLING = /^\s*rewards_handling\s*=\s*(\{[^}\n]*\})/m
const STANDARD = /\btype\s*=\s*['"]standard['"]/
const SUSTAIN = /\btype\s*=\s*['"]sustain['"]/
const RATIO = /\bratio\s*=\s*\[\s*(\d{1,18})\s*,\s*(\d{1,18})\s*\]/

/**
 * Result of `info_get_chainspec`: the TOML file as hex. Few settings are wanted of it, for which no parser of all TOML is
 * needed: each one's name occurs once in every release's file.
 * @throws {DecodeFault}
 */
export function parseChainspec(result: Field): Chainspec {
  const hex = result.get('chainspec_bytes').get('chainspec_bytes')
  const text = hex.text()
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw hex.fault('hex')
  const toml = Buffer.from(text, 'hex').toString('utf8')
  return {
    unbondingDelay: parseUnbondingDelay(toml, hex.path),
    rewardsHandling: toRewardsHandling(toml),
  }
}

function parseUnbondingDelay(toml: string, path: string): number | null {
  const lines = toml.match(UNBONDING_DELAY)?.join('\n')
  if (lines === undefined) return null
  const eras = ERAS.exec(lines)?.[1]
  if (eras === undefined) throw new Field(lines, `${path} (text)`).fault('one number of eras')
  return Number(eras)
}

/** Files from before 2.2.0 do not have the setting, which is as if they said `standard`. */
function toRewardsHandling(toml: string): RewardsHandling | null {
  const version = VERSION.exec(toml)?.[1]
  if (version === undefined) return null
  const setting = REWARDS_HANDLING.exec(toml)?.[1]
  if (setting === undefined) {
    return /^\s*rewards_handling\b/m.test(toml) ? null : { version, numerator: 0n, denominator: 1n }
  }
  if (STANDARD.test(setting)) return { version, numerator: 0n, denominator: 1n }
  const [, numerator = '0', denominator = '0'] = RATIO.exec(setting) ?? []
  if (!SUSTAIN.test(setting) || BigInt(denominator) === 0n) return null
  return { version, numerator: BigInt(numerator), denominator: BigInt(denominator) }
}
