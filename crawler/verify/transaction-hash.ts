import type { Hash } from '../../src/domain/hash.ts'
import type { TransactionRef } from '../decode/block.ts'
import type { Field } from '../decode/field.ts'
import { findTransaction, toFormFault } from '../decode/transaction.ts'
import { toDeployHashes } from './deploy-hash.ts'
import { toPayloadHash } from './payload-hash.ts'
import { VerifyFault } from './verify.ts'

/**
 * Checks that a node's answer about a transaction has the content that the hash in its block was made of. What executing it
 * did, and who approved it, stand beside that content: this says nothing of them.
 *
 * A shape that we do not know accuses nobody, since every honest node answers so after an upgrade.
 * @throws {VerifyFault} TRANSACTION
 * @throws {DecodeFault}
 */
export function verifyTransaction(answer: Field, ref: TransactionRef, height: number): void {
  const refuse = (expected: Hash, got: Hash) => {
    if (got !== expected) throw new VerifyFault('TRANSACTION', height, expected, got)
  }
  const [form, body] = findTransaction(answer)
  refuse(ref.hash, body.get('hash').hash())
  if (form === 'Version1') return refuse(ref.hash, toPayloadHash(body))
  if (form !== 'Deploy') throw toFormFault(answer, form)
  const { hash, bodyHash } = toDeployHashes(body)
  refuse(ref.hash, hash)
  refuse(bodyHash, body.get('header').get('body_hash').hash())
}
