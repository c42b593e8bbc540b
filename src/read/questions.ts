import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Filter } from '../api/filter.ts'
import type { Codec, Found, Key } from '../cache/cache.ts'
import type { Era } from '../domain/era.ts'
import type { Party } from '../domain/keys.ts'
import { TRANSACTION_KINDS, type Transaction } from '../domain/transaction.ts'
import type { Transfer } from '../domain/transfer.ts'
import { Bulkhead } from '../lib/bulkhead.ts'
import type { Soon } from '../lib/soon.ts'
import type { FoundBlock, TransferQuery } from '../ports.ts'
import {
  count,
  type Field,
  flag,
  hash,
  list,
  motes,
  nullable,
  oneOf,
  record,
  text,
  time,
  word,
} from './pack.ts'
import { type ReadPorts, readThrough } from './ports.ts'
import { block, era, transfer } from './records.ts'
import { createValueCodec } from './value.ts'

/*
 * Answers that no page holds: arbitrary filters, lists over the whole network, what one block did. They are kept
 * by question, for a block time, and at worst for a day while the store is down.
 */

const party: Field<Party> = {
  write(writer, value) {
    writer.u8(value.kind === 'key' ? 0 : value.kind === 'account' ? 1 : 2)
    writer.word(value.kind === 'key' ? value.key : value.kind === 'account' ? value.hash : value.purse)
  },
  read(reader) {
    const kind = reader.u8()
    const value = reader.word()
    if (kind === 0) return { kind: 'key', key: value }
    return kind === 1 ? { kind: 'account', hash: value } : { kind: 'purse', purse: value }
  },
}

const transaction = record<Transaction>({
  hash,
  height: count,
  ordinal: count,
  eraId: count,
  format: oneOf(['deploy', 'transaction']),
  kind: oneOf(TRANSACTION_KINDS),
  lane: nullable(count),
  sender: party,
  entryPoint: nullable(word),
  contract: nullable(word),
  createdAt: time,
  success: flag,
  error: nullable(text),
  limit: nullable(motes),
  consumed: nullable(motes),
  cost: motes,
  refund: nullable(motes),
})

const foundBlock = record<FoundBlock>({ block, era, previousTime: nullable(time) })

const codecs = {
  blocks: createValueCodec('fb1', list(foundBlock)),
  eras: createValueCodec('fe1', list(era)),
  transfers: createValueCodec('ft1', list(transfer)),
  transactions: createValueCodec('fx1', list(transaction)),
}

/**
 * Searches may each hold a connection of the store for seconds: a few at once leave the others to everybody else. The wait
 * for a place is short of a load's deadline, which would count as the store's outage.
 */
const searches = new Bulkhead({ most: 4, mostWaiting: 64, patience: 2_000 })

export function findBlocks(ports: ReadPorts, filter: Filter): Soon<Found<readonly FoundBlock[]>> {
  return readThrough(ports.cache, toKey('find-blocks', filter, codecs.blocks), () =>
    searches.run(() => ports.store.findBlocks(filter)),
  )
}

export function findEras(ports: ReadPorts, filter: Filter): Soon<Found<readonly Era[]>> {
  return readThrough(ports.cache, toKey('find-eras', filter, codecs.eras), () =>
    searches.run(() => ports.store.findEras(filter)),
  )
}

export function readTransfers(ports: ReadPorts, query: TransferQuery): Soon<Found<readonly Transfer[]>> {
  return readThrough(ports.cache, toKey('list-transfers', query, codecs.transfers), () =>
    searches.run(() => ports.store.readTransfers(query)),
  )
}

export function readTransactions(ports: ReadPorts, height: number): Soon<Found<readonly Transaction[]>> {
  const key: Key<readonly Transaction[]> = {
    id: `block-transactions/${height}`,
    cacheClass: 'PER_BLOCK',
    codec: codecs.transactions,
  }
  return readThrough(ports.cache, key, () => ports.store.readTransactions(height))
}

/**
 * A question's name is the hash of its text: questions are as long as a URL, and one must not be answered with
 * what somebody made collide with it.
 */
function toKey<T>(name: string, question: object, codec: Codec<T>): Key<T> {
  const exact = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  const digest = blake2b(utf8ToBytes(JSON.stringify(question, exact)), { dkLen: 16 })
  return { id: `${name}/${bytesToHex(digest)}`, cacheClass: 'PER_BLOCK', codec }
}
