import { toIso } from '../api/wire/iso.ts'
import type { Era } from '../domain/era.ts'
import { toWholeCspr } from '../domain/motes.ts'
import type { Ms } from '../domain/time.ts'
import { AsciiWriter, type Tagged, toPiece } from '../lib/ascii.ts'

/** A block as the compatible shape shows it, amounts in whole CSPR. */
export interface BlockFigures {
  readonly height: number
  /** Block hash and state root hash, 32 bytes each, where they stand. */
  readonly bytes: Uint8Array
  readonly hashesAt: number
  readonly eraId: number
  readonly time: Ms
  /** Milliseconds since the block before; 0 for the first. */
  readonly blockTime: Ms
  readonly isSwitch: boolean
  readonly transfers: number
  readonly deploys: number
  readonly staked: number
  readonly undelegated: number
  readonly totalSupply: number | null
}

const PIECES = {
  height: toPiece('[{"blockHeight":'),
  hash: toPiece(',"blockHash":"'),
  eraId: toPiece('","eraId":'),
  comma: toPiece(','),
  totalSupply: toPiece(',"totalSupply":'),
  stateRootHash: toPiece(',"stateRootHash":"'),
  transfers: toPiece('","transfersCount":'),
  deploys: toPiece(',"deploysCount":'),
  staked: toPiece(',"stakedThisBlock":'),
  switch: toPiece(',"switch":true,"undelegatedThisBlock":'),
  noSwitch: toPiece(',"switch":false,"undelegatedThisBlock":'),
  time: toPiece(',"timestamp":"'),
  blockTime: toPiece('","prevBlockTime":'),
  end: toPiece('}]'),
}

const writer = new AsciiWriter()

/**
 * The JSON of a list of one `toCompatibleBlock`, written straight from the figures: a third of the cost of making the
 * object and serialising it. Hex and ISO times need no escapes. A test holds the two against each other.
 */
export function toBlockText(block: BlockFigures, era: Era): Tagged {
  const { supply, end } = toEraText(era)
  // Before anything is written: a time that is none, of a damaged page, faults, and the writer would keep half an answer
  // for whoever comes next.
  const time = toIso(block.time)
  const { bytes, hashesAt, isSwitch } = block
  writer.piece(PIECES.height)
  writer.number(block.height)
  writer.piece(PIECES.hash)
  writer.hex(bytes, hashesAt, 32)
  writer.piece(PIECES.eraId)
  writer.number(block.eraId)
  writer.piece(PIECES.comma)
  writer.piece(supply)
  writer.piece(PIECES.totalSupply)
  writer.number(block.totalSupply ?? 0)
  writer.piece(PIECES.stateRootHash)
  writer.hex(bytes, hashesAt + 32, 32)
  writer.piece(PIECES.transfers)
  writer.number(block.transfers)
  writer.piece(PIECES.deploys)
  writer.number(block.deploys)
  writer.piece(PIECES.staked)
  writer.number(block.staked)
  writer.piece(PIECES.comma)
  writer.piece(isSwitch ? end : NO_END)
  writer.piece(isSwitch ? PIECES.switch : PIECES.noSwitch)
  writer.number(block.undelegated)
  writer.piece(PIECES.time)
  writer.text(time)
  writer.piece(PIECES.blockTime)
  writer.number(block.blockTime)
  writer.piece(PIECES.end)
  return writer.take()
}

interface EraText {
  readonly supply: Uint8Array
  readonly end: Uint8Array
}

/** Of an era many blocks are asked for: its part is written once for as long as the era is in memory. */
const texts = new WeakMap<Era, EraText>()

function toEraText(era: Era): EraText {
  const known = texts.get(era)
  if (known !== undefined) return known
  const { circulating, validatorsWeight, nextValidatorsWeight, validatorsRewards, delegatorsRewards } = era
  const text = {
    supply: toPiece(
      `"circulatingSupply":${toWhole(circulating?.total)},"validatorsWeights":${toWhole(validatorsWeight)}`,
    ),
    end: toEnd(
      toWhole(nextValidatorsWeight),
      toWhole(validatorsRewards),
      toWhole(delegatorsRewards),
      toWhole(validatorsRewards + delegatorsRewards),
      era.rewardedValidators,
      era.rewardedDelegators,
    ),
  }
  texts.set(era, text)
  return text
}

function toEnd(
  nextWeight: number,
  validators: number,
  delegators: number,
  rewards: number,
  validatorsCount: number,
  delegatorsCount: number,
): Uint8Array {
  return toPiece(
    `"nextEraValidatorsWeights":${nextWeight},"validatorsRewards":${validators},"delegatorsRewards":${delegators},"rewards":${rewards},"validatorsCount":${validatorsCount},"delegatorsCount":${delegatorsCount}`,
  )
}

/** What a block shows of an era's end that is not its last. */
const NO_END = toEnd(0, 0, 0, 0, 0, 0)

function toWhole(motes: bigint | null | undefined): number {
  return motes ? toWholeCspr(motes) : 0
}
