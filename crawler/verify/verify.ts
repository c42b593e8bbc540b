import type { Hash } from '../../src/domain/hash.ts'
import type { ChainBlock } from '../decode/block.ts'
import { toBlockHash, toBodyHash } from './block-hash.ts'

/**
 * HEIGHT to PARENT_HASH: the block contradicts itself or the one before. PIN: its height is another block's, known
 * beforehand. ERA: it does not continue the era before. SIGNATURE: a validator's signature is invalid. FINALITY: too
 * little weight has signed. TRANSACTION: what is said to be a transaction of the block is not what its hash was made of.
 */
export type VerifyFaultCode =
  | 'HEIGHT'
  | 'BODY_HASH'
  | 'BLOCK_HASH'
  | 'PARENT_HASH'
  | 'PIN'
  | 'ERA'
  | 'SIGNATURE'
  | 'FINALITY'
  | 'TRANSACTION'

/** A block that is not what it claims to be. `expected` is what we recomputed or hold, `got` what the node says. */
export class VerifyFault extends Error {
  override readonly name = 'VerifyFault'
  readonly code: VerifyFaultCode
  readonly height: number
  readonly expected: string
  readonly got: string

  constructor(code: VerifyFaultCode, height: number, expected: string, got: string) {
    super(`Block ${height} refused (${code}): expected ${expected}, the node says ${got}`)
    this.code = code
    this.height = height
    this.expected = expected
    this.got = got
  }
}

/**
 * Checks what can be checked of a block alone: it is the height that was asked for, and its body and header hash to
 * what it claims.
 * @throws {VerifyFault}
 */
export function verifyBlock(block: ChainBlock, height: number): void {
  if (block.height !== height) throw new VerifyFault('HEIGHT', height, `${height}`, `${block.height}`)
  const bodyHash = toBodyHash(block)
  if (bodyHash !== block.bodyHash) throw new VerifyFault('BODY_HASH', height, bodyHash, block.bodyHash)
  const hash = toBlockHash(block)
  if (hash !== block.hash) throw new VerifyFault('BLOCK_HASH', height, hash, block.hash)
}

/** Checks that a block stands on the one we hold. @throws {VerifyFault} */
export function verifyParent(block: ChainBlock, parentHash: Hash): void {
  if (block.parentHash !== parentHash) {
    throw new VerifyFault('PARENT_HASH', block.height, parentHash, block.parentHash)
  }
}
