import { expect, test } from 'vitest'
import { Field } from '../../../crawler/decode/field.ts'
import { parseDeploySession, parseTransactionSession } from '../../../crawler/decode/session.ts'

const HASH = 'ab'.repeat(32)
const UPPER = HASH.toUpperCase()

test.each(['StoredContractByHash', 'StoredVersionedContractByHash'])(
  '%s is the same contract in either case: the hash of a deploy knows no case',
  (kind) => {
    const session = { [kind]: { hash: UPPER, version: null, entry_point: 'delegate', args: [] } }
    expect(parseDeploySession(new Field(session, 'session')).contract).toBe(HASH)
  },
)

test.each([
  ['ByHash', UPPER],
  ['ByPackageHash', { addr: UPPER, version: null }],
])('a transaction to a contract %s is the same in either case', (form, id) => {
  const fields = {
    args: { Named: [] },
    entry_point: { Custom: 'delegate' },
    target: { Stored: { id: { [form]: id }, runtime: 'VmCasperV1' } },
  }
  expect(parseTransactionSession(new Field(fields, 'fields')).contract).toBe(HASH)
})
