import type { Answer } from './answers.ts'
import { canonicalJson } from './json-text.ts'
import type { Recording } from './recording.ts'

/** Keys of global state of which is known when they change, so that a few recorded answers tell them all. */
export type SystemKeys = {
  /** The mint's total supply by its URef; null when the recording does not say which it is. */
  supplyByUref: string | null
  /** The same by its path from the mint's contract. */
  supplyByPath: string | null
  /** A registry of system contracts, or one of these contracts: written at genesis and at upgrades only. */
  constant(rest: string, protocolVersion: string): Answer | undefined
}

type StoredValue = {
  CLValue?: { parsed?: unknown }
  Contract?: { named_keys?: Array<{ name: string; key: string }> }
}

function storedValue(answer: Answer): StoredValue {
  if (answer.failed) return {}
  return (JSON.parse(answer.body.toString()) as { stored_value: StoredValue }).stored_value
}

/** Finds the system's keys the way a client does: registry, contract, named key. */
export function findSystemKeys(recording: Recording): SystemKeys {
  const asked = [...recording.answers.ofMethod('query_global_state')].filter(({ answer }) => !answer.failed)
  const contracts = new Map<string, string>()
  const constants = new Map<string, Answer>()
  const keep = ({ question, height, answer }: (typeof asked)[number]) => {
    const version = recording.block(height)?.protocolVersion
    if (version !== undefined) constants.set(`${version} ${question.rest}`, answer)
  }
  for (const one of asked) {
    if (!/"system-(contract|entity)-registry-/.test(one.question.rest)) continue
    keep(one)
    const { CLValue } = storedValue(one.answer)
    for (const { key, value } of (CLValue?.parsed ?? []) as Array<{ key: string; value: string }>) {
      contracts.set(key, `hash-${value.slice(-64)}`)
    }
  }
  const rests = new Set([...contracts.values()].map((key) => canonicalJson({ key })))
  for (const one of asked) if (rests.has(one.question.rest)) keep(one)

  const mint = contracts.get('mint')
  const contract = asked.find(({ question }) => question.rest === canonicalJson({ key: mint }))
  const named = contract ? storedValue(contract.answer).Contract?.named_keys : undefined
  const uref = named?.find(({ name }) => name === 'total_supply')?.key
  return {
    supplyByUref: uref === undefined ? null : canonicalJson({ key: uref }),
    supplyByPath: uref === undefined ? null : canonicalJson({ key: mint, path: ['total_supply'] }),
    constant: (rest, protocolVersion) => constants.get(`${protocolVersion} ${rest}`),
  }
}
