import type { Field } from './field.ts'

/** What is read of a network's settings. */
export interface Chainspec {
  /** Eras that stake waits before it is paid out; null where the file does not say. */
  readonly unbondingDelay: number | null
}

const SETTING = /^\s*unbonding_delay\s*=\s*(\d{1,6})\s*(?:#.*)?$/m

/**
 * Result of `info_get_chainspec`: the TOML file as hex. One number is wanted of it, for which no parser of all TOML is
 * needed: the setting's name occurs once in every release's file.
 * @throws {DecodeFault}
 */
export function parseChainspec(result: Field): Chainspec {
  const hex = result.get('chainspec_bytes').get('chainspec_bytes')
  const text = hex.text()
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw hex.fault('hex')
  const found = SETTING.exec(Buffer.from(text, 'hex').toString('utf8'))
  return { unbondingDelay: found ? Number(found[1]) : null }
}
