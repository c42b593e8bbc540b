import type { Hash } from '../../src/domain/hash.ts'
import type { Party } from '../../src/domain/keys.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { TransactionRef } from './block.ts'
import { type Execution, parseExecution } from './execution.ts'
import { Field } from './field.ts'
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

function parseBody(answer: Field, ref: TransactionRef) {
  const wrapped = answer.find('transaction')
  const [form, body]: [string, Field] = wrapped ? wrapped.variant() : ['Deploy', answer.get('deploy')]
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
  if (form !== 'Version1') throw new Field(form, `${answer.path}.transaction`).fault('Deploy or Version1')
  const payload = body.get('payload')
  return {
    sender: parseSender(payload.get('initiator_addr')),
    createdAt: payload.get('timestamp').time(),
    session: parseTransactionSession(payload.get('fields')),
  }
}

function parseSender(initiator: Field): Party {
  const [form, value] = initiator.variant()
  if (form === 'PublicKey') return { kind: 'key', key: value.key() }
  if (form === 'AccountHash') return { kind: 'account', hash: value.accountHash() }
  throw initiator.fault('PublicKey or AccountHash')
}
