import { type PublicKey, SYSTEM_KEY } from '../../src/domain/keys.ts'
import type { Field } from './field.ts'

/** A validator's word that a block is final. */
export interface FinalitySignature {
  readonly validator: PublicKey
  /** The 64 bytes in lower-case hex, without the algorithm's tag: it is the key's. */
  readonly signature: string
}

const SIGNATURE = /^0[12][0-9a-f]{128}$/

/**
 * The `proofs` of a block's answer. A hundred validators sign a block of mainnet, and most blocks are proven by their
 * descendants: the list stays as it came until somebody asks. What it holds is covered by no hash of the block.
 */
export class FinalitySignatures {
  // Private to the engine as well: two answers with the same block are equal, whoever had signed it by then.
  readonly #proofs: Field | null

  /** @param proofs null when the answer has none, as some old nodes' have not */
  constructor(proofs: Field | null) {
    this.#proofs = proofs
  }

  /** @throws {DecodeFault} */
  parse(): FinalitySignature[] {
    return this.#proofs?.list().map(parseSignature) ?? []
  }
}

function parseSignature(proof: Field): FinalitySignature {
  const key = proof.get('public_key')
  const validator = key.key()
  if (validator === SYSTEM_KEY) throw key.fault('the key of a validator')
  const signature = proof.get('signature')
  // Old nodes write mixed case.
  const text = signature.text().toLowerCase()
  if (!SIGNATURE.test(text)) throw signature.fault('a signature: 01 or 02, then 128 hex digits')
  if (text.slice(0, 2) !== validator.slice(0, 2)) throw signature.fault("a signature of its key's algorithm")
  return { validator, signature: text.slice(2) }
}
