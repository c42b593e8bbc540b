import type { Circulating, Era } from '../era.ts'

/** What a figure is computed from, beside a network's inputs: an era at its end. */
export type EraEnd = Pick<Era, 'id' | 'end' | 'totalSupply'>

/** No figure, and in half a sentence why. */
export interface Absent {
  readonly absent: string
}

export type Figure = Circulating | Absent

/** A method with a network's inputs taken in. Pure, and of one era alone: eras may be computed in any order. */
export type Method = (era: EraEnd) => Figure

export const isAbsent = (figure: Figure): figure is Absent => 'absent' in figure
