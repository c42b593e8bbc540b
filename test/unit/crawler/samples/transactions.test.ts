import { describe, expect, test } from 'vitest'
import { DecodeFault, Field } from '../../../../crawler/decode/field.ts'
import { parseTransaction } from '../../../../crawler/decode/transaction.ts'
import { toKind, toStakeKind } from '../../../../crawler/project/kind.ts'
import { toStakeMovement } from '../../../../crawler/project/stake.ts'
import { NOTHING_QUEUED, toUnbondings } from '../../../../crawler/project/unbondings.ts'
import { verifyTransaction } from '../../../../crawler/verify/transaction-hash.ts'
import { sumMotes } from '../../../../src/domain/motes.ts'
import { hasSamples, readAnswer, readIndex } from '../../../support/samples.ts'

type Any = Readonly<Record<string, unknown>>

const samples = readIndex().filter(
  ({ kind }) => kind === 'info_get_deploy' || kind === 'info_get_transaction',
)

const CANDIDATE = 'expected a member payload, got an object of hash, header, body, approvals'
const NO_RESULT = 'expected an execution of'

/** What is refused, and why: the transactions of release candidates of 2.0 had a header, and some files have no result. */
const REFUSED: Readonly<Record<string, string>> = {
  'dev-net/2.x/info_get_transaction/native-1646497a-h102726.json': CANDIDATE,
  'dev-net/2.x/info_get_transaction/native-63aaf9b1-h102664.json': CANDIDATE,
  'nctl/2.x/info_get_transaction/install-h8463.json': CANDIDATE,
  'nctl/2.x/info_get_transaction/session-wasm-h1809.json': CANDIDATE,
  'nctl/2.x/info_get_transaction/stored-call-h1984.json': CANDIDATE,
  'dev-net/2.x/info_get_transaction/stored-transfer-h240752-rc.json': NO_RESULT,
  'mainnet/1.x/info_get_deploy/mint-a479d236-no-result.json': NO_RESULT,
  'mainnet/1.x/info_get_deploy/mint-d36e424c-no-result.json': NO_RESULT,
  'testnet/2.x/info_get_deploy/deploy-2ea774ef-no-execution-result.json':
    'execution_results: expected a list',
  'testnet/2.x/info_get_transaction/deploy-2ea774ef-no-execution-result.json': NO_RESULT,
}

const SHORTENED = 'refused (TRANSACTION)'
const STORED_VALUE =
  'target.Stored: expected no members but id, runtime, got an object of id, runtime, transferred_value'

/** What is not what its hash was made of, and why: authors left out wasm or arguments; candidates of 2.0 had other forms. */
const UNPROVEN: Readonly<Record<string, string>> = {
  'mainnet/1.x/info_get_deploy/mint-a479d236-no-result.json': SHORTENED,
  'nctl/2.x/info_get_deploy/install-cdbb52d9-h23-Version1-result.json': SHORTENED,
  'nctl/2.x/info_get_transaction/install-contract-h6.json': SHORTENED,
  'testnet/1.x/info_get_deploy/add_bid-failure-00a7445d-ModuleBytes.json': SHORTENED,
  'testnet/1.x/info_get_deploy/cep78-install-1d1f66b2-ModuleBytes.json':
    'module_bytes: expected hex digits, got "[621680 hex chars]"',
  'testnet/1.x/info_get_deploy/token-install-cb46cd93-ModuleBytes.json': SHORTENED,
  'dev-net/2.x/info_get_transaction/stored-transfer-h240752-rc.json': 'Version1: expected no members but',
  'nctl/2.x/info_get_transaction/invalid-args-e32cffb3-h11.json': STORED_VALUE,
  'nctl/2.x/info_get_transaction/native-delegator-kind-9dba6ac2-h11.json': STORED_VALUE,
}

function toRef(answer: Any) {
  const [form, body] = (answer.transaction
    ? Object.entries(answer.transaction)[0]
    : ['Deploy', answer.deploy]) as unknown as [string, Any]
  return {
    hash: `${body.hash}`.toLowerCase(),
    format: form === 'Deploy' ? 'deploy' : 'transaction',
    lane: null,
  } as const
}

function decode(answer: Any) {
  const results = answer.execution_results as readonly Any[] | undefined
  const blockHash = `${(answer.execution_info as Any)?.block_hash ?? results?.[0]?.block_hash}`.toLowerCase()
  return parseTransaction(new Field(answer, 'answer'), toRef(answer), blockHash)
}

const verify = (answer: Any) => verifyTransaction(new Field(answer, 'answer'), toRef(answer), 1)

describe.skipIf(!hasSamples)('real deploys and transactions', () => {
  test('are as many as the index has', () => {
    expect(samples).toHaveLength(39 + 18)
    expect(samples.filter(({ file }) => file in REFUSED)).toHaveLength(Object.keys(REFUSED).length)
  })

  test.each(samples)('$file', ({ file }) => {
    const answer = readAnswer(file)
    const reason = REFUSED[file]
    if (reason !== undefined) {
      expect(() => decode(answer)).toThrow(DecodeFault)
      return expect(() => decode(answer)).toThrow(reason)
    }
    const { execution, session } = decode(answer)
    expect(execution.success).toBe(!/failure|cb04018a|stored-call-h1400/.test(file))
    expect(execution.error === null).toBe(execution.success)
    if (/\/transfer-(?!wasm)|deploy-transfer|native-62e932d2/.test(file))
      expect(session.target).toBe('transfer')
    if (file.includes('ModuleBytes')) expect(session.target).toBe('module')
    if (file.includes('Stored')) expect(session.target).toBe('stored')
    // What a native transfer moved is what it was asked to.
    if (session.target === 'transfer' && execution.success)
      expect(execution.transfers.map(({ amount }) => amount)).toEqual([session.args.motes('amount')])
  })

  test.each(samples)('$file: it has the hash that it is called by', ({ file }) => {
    const answer = readAnswer(file)
    const reason =
      UNPROVEN[file] ?? (REFUSED[file] === CANDIDATE ? 'Version1: expected no members but' : null)
    if (reason === null) return verify(answer)
    expect(() => verify(answer)).toThrow(reason)
  })
})

/** The auction of mainnet and that of testnet. */
const AUCTIONS: Readonly<Record<string, string>> = {
  mainnet: 'ccb576d6ce6dec84a551e48f0d0b7af89ddba44c7390b690036257a04a3ae9ea',
  testnet: '93d923e336b20a4c4ca14d592b60e5bd3fe330775618290104f9beb326db7ae2',
}

/** Answers about a deploy out of what an event sidecar or store kept of it. */
function toDeployAnswer(answer: Any): Any {
  const { deploy_accepted: deploy, deploy_processed: processed } = answer as {
    deploy_accepted?: Any
    deploy_processed?: Any
  }
  if (deploy === undefined || processed === undefined) return answer
  const result = { block_hash: processed.block_hash, result: processed.execution_result }
  return { deploy, execution_results: [result] }
}

test
  .skipIf(!hasSamples)
  .each<[file: string, via: string, kind: string | null, asked: bigint, moved: bigint]>([
    [
      'mainnet/1.x/info_get_deploy/delegate-4f3e8561-StoredContractByHash.json',
      'contract',
      'delegate',
      3_470_000_000_000n,
      3_470_000_000_000n,
    ],
    [
      'mainnet/1.x/info_get_deploy/delegate-614030ac-StoredContractByHash-full.json',
      'contract',
      'delegate',
      797_050_000_000_000n,
      797_050_000_000_000n,
    ],
    [
      'mainnet/1.x/info_get_deploy/undelegate-bc81ca4d-StoredContractByHash.json',
      'contract',
      'undelegate',
      137_497_873_164n,
      137_497_873_164n,
    ],
    [
      'mainnet/1.x/sse/kafka-DeployProcessed-undelegate-9a2a0733-with-bids.json',
      'contract',
      'undelegate',
      43_888_080_800_000n,
      43_888_080_800_000n,
    ],
    [
      'mainnet/1.x/sidecar_rest/deploy-aggregate-add_bid-8204af87.json',
      'contract',
      'add_bid',
      97_000_000_000n,
      97_000_000_000n,
    ],
    [
      'testnet/1.x/info_get_deploy/delegate-4cb068f9-StoredContractByHash.json',
      'contract',
      'delegate',
      1_000_000_000n,
      1_000_000_000n,
    ],
    [
      'nctl/2.x/info_get_transaction/native-delegator-kind-9dba6ac2-h11.json',
      'contract',
      'delegate',
      900_000_000_000n,
      900_000_000_000n,
    ],
  ])('%s: %s %s', (file, via, kind, asked, moved) => {
  const transaction = decode(toDeployAnswer(readAnswer(file)))
  const system = { auction: AUCTIONS[file.split('/')[0] as string] ?? null, totalSupply: null }
  const found = toStakeKind(transaction, system)
  expect(found).toBe(kind)
  if (found === null) return
  // The era is that of the newest entry of what was written: entries are appended.
  const eraId = Math.max(
    0,
    ...transaction.execution.effects.queues.flat().map((entry) => entry.eraOfCreation),
  )
  const place = { height: 1, ordinal: 0, eraId }
  const { unbondings } = toUnbondings(place, [transaction], NOTHING_QUEUED, 7)
  const unbonded = sumMotes(unbondings.map(({ amount }) => amount))
  const movement = toStakeMovement(transaction, found, place, unbonded)
  expect(movement).toMatchObject({ via, kind, success: true, amount: asked, moved })
  expect(movement.validator).toMatchObject({ kind: 'key' })
})

test.skipIf(!hasSamples)('an add_bid as module bytes that failed moves no stake', () => {
  const transaction = decode(
    readAnswer('testnet/1.x/info_get_deploy/add_bid-failure-00a7445d-ModuleBytes.json'),
  )
  expect(transaction.execution.success).toBe(false)
  expect(toKind(transaction, { auction: AUCTIONS.testnet as string, totalSupply: null })).toBe('session')
})

/* Transfers are taken out of execution results: where both are recorded, they are those that the node lists. */
const lists = readIndex().filter(({ kind }) => kind === 'chain_get_block_transfers')

test.skipIf(!hasSamples)('transfers of results are those that nodes list for the block', () => {
  expect(lists).toHaveLength(9)
  const listed = lists.flatMap(({ file }) => readAnswer(file).transfers as Any[])
  const decoded = samples.filter(({ file }) => !(file in REFUSED)).map(({ file }) => decode(readAnswer(file)))
  let compared = 0
  for (const { ref, execution } of decoded) {
    for (const transfer of execution.transfers) {
      const same = listed.find(({ deploy_hash }) => deploy_hash === ref.hash)
      if (same === undefined) continue
      expect(transfer.amount).toBe(BigInt(same.amount as string))
      expect(`account-hash-${transfer.from}`).toBe(same.from)
      expect(`${same.source}`).toContain(transfer.source)
      expect(`${same.target}`).toContain(transfer.target)
      compared++
    }
  }
  expect(compared).toBeGreaterThan(0)
})
