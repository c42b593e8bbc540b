import type { Circulating } from '../era.ts'
import type { SupplyInputs } from './inputs.ts'
import { type EraEnd, isAbsent, type Method } from './method.ts'
import { findSupply } from './networks.ts'
import { noLockups } from './no-lockups.ts'
import { createPredecessor } from './predecessor.ts'

/** Every published method, by the name that files and commands say. */
const METHODS = {
  'no-lockups': () => noLockups,
  predecessor: createPredecessor,
} as const satisfies Record<string, (inputs: SupplyInputs) => Method>

export type MethodName = keyof typeof METHODS

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[]

export const isMethodName = (text: string): text is MethodName => Object.hasOwn(METHODS, text)

/** A method with a network's inputs: the network's published one when none is named. */
export function createMethod(inputs: SupplyInputs, name?: MethodName): Method {
  if (name !== undefined) return METHODS[name](inputs)
  const { published } = inputs
  if (published.method === null) return () => ({ absent: published.reason })
  return METHODS[published.method](inputs)
}

/** Circulating supply at an era's end by the network's published method; null where it has no figure. */
export function toCirculating(network: string, era: EraEnd): Circulating | null {
  const figure = createMethod(findSupply(network))(era)
  return isAbsent(figure) ? null : figure
}

/** Why there is no figure, for a reader; null when there should be one. */
export function explainAbsence(network: string, era: EraEnd): string | null {
  const figure = createMethod(findSupply(network))(era)
  return isAbsent(figure) ? figure.absent : null
}
