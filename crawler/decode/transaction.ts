import type { Hash } from '../../src/domain/hash.ts'
import type { Party } from '../../src/domain/keys.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { TransactionRef } from './block.ts'
import { type Execution, parseExecution } from './execution.ts'
import { type DecodeFault, Field } from './field.ts'
import { parseDeploySession, parseTransactionSession, type Session } from './session.ts'

/** A deploy or transaction with its outcome, as the chain has it. */
export interface ChainTransaction {
  readonly ref: TransactionRef
  readonly sender: Party
  readonly createdAt: Ms
  readonly session: Session
  readonly execution: Execution
}

/**
 * Answer of `info_get_deploy` (`deploy`) or `info_get_transaction` (`transaction`), about a hash of a block's body.
 * @throws {DecodeFault} also when it is another transaction, or was not executed in that block
 */
export function parseTransaction(answer: Field, ref: TransactionRef, blockHash: Hash): ChainTransaction {
  const execution = parseExecution(answer, blockHash)
  if (execution === null) throw answer.fault(`an execution of ${ref.hash} in block ${blockHash}`)
  return { ref, execution, ...parseBody(answer, ref) }
}

/** What was sent, and which form it has: `Deploy` or `Version1`, or what a later version may add. */
export function findTransaction(answer: Field): [form: string, body: Field] {
  return answer.find('transaction')?.variant() ?? ['Deploy', answer.get('deploy')]
}

function parseBody(answer: Field, ref: TransactionRef) {
  const [form, body] = findTransaction(answer)
  const hash = body.get('hash')
  if (hash.hash() !== ref.hash) throw hash.fault(`the hash asked for, ${ref.hash}`)
  if (form === 'Deploy') {
    const header = body.get('header')
    return {
      sender: { kind: 'key', key: header.get('account').key() } as const,
      createdAt: header.get('timestamp').time(),
      session: parseDeploySession(body.get('session')),
    }
  }
  if (form !== 'Version1') throw toFormFault(answer, form)
  const payload = body.get('payload')
  return {
    sender: parseSender(payload.get('initiator_addr')),
    createdAt: payload.get('timestamp').time(),
    session: parseTransactionSession(payload.get('fields')),
  }
}

export function toFormFault(answer: Field, form: string): DecodeFault {
  return new Field(form, `${answer.path}.transaction`).fault('Deploy or Version1')
}

function parseSender(initiator: Field): Party {
  const [form, value] = initiator.variant()
  if (form === 'PublicKey') return { kind: 'key', key: value.key() }
  if (form === 'AccountHash') return { kind: 'account', hash: value.accountHash() }
  throw initiator.fault('PublicKey or AccountHash')
}
