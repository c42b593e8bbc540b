import type { Hono } from 'hono'
import { parseCursor, toCursor } from '../api/cursor.ts'
import type { ParamsOf } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import { notFound } from '../api/problem.ts'
import { toWireBlock, toWireTransaction, toWireTransfer, UNITS } from '../api/wire/to-v1.ts'
import * as v1 from '../api/wire/v1.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { listBlocks } from '../read/block-list.ts'
import type { PageBlock } from '../read/block-page.ts'
import { readBlock, readHeightOfHash, readLatestBlock } from '../read/blocks.ts'
import { joinSources, type Read, type ReadPorts, type Source } from '../read/ports.ts'
import { readTransactions, readTransfers } from '../read/questions.ts'
import { toAsOf, toAsOfBlock } from './as-of.ts'
import { createShape, toItemReply, toListReply } from './list-replies.ts'
import { toClass } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

const blocks = createShape('blocks', v1.block)
const transfers = createShape('block-transfers', v1.transfer)
const transactions = createShape('block-transactions', v1.transaction)

/** Most transfers of one block that are shown: several times what a full block of native transfers makes. */
const MOST_TRANSFERS = 10_000

type BlockId = ParamsOf<typeof endpoints.getBlock>['id']

export function createV1BlockRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getBlock: ({ id, units, fields }) =>
      andThen(readById(read, id), (found) => {
        const { block, previousTime } = found.value
        const item = toWireBlock(block, previousTime, UNITS[units])
        return toItemReply(blocks, { fields }, item, found, toNamedClass(id, found))
      }),

    async listBlocks(params, request) {
      const { order, limit, units, cursor } = params
      const list = `blocks/${order}`
      const after = cursor === undefined ? null : (parseCursor(list, cursor, 1)[0] as number)
      const { tip, source, found, hasMore } = await listBlocks(read, { ...params, limit, after })
      const last = found.at(-1)
      return toListReply(
        blocks,
        params,
        {
          items: found.map(({ block, previousTime }) => toWireBlock(block, previousTime, UNITS[units])),
          asOf: toAsOf(tip),
          next: hasMore && last ? toCursor(list, [last.block.height]) : null,
          source,
          cacheClass: endpoints.listBlocks.cache,
        },
        request,
      )
    },

    async listBlockTransfers({ id, units, ...look }, request) {
      const block = await readById(read, id)
      const { height } = block.value.block
      const found = await readTransfers(read, {
        fromBlock: height,
        toBlock: height,
        order: 'asc',
        limit: MOST_TRANSFERS,
      })
      const items = found.value.map((transfer) => toWireTransfer(transfer, UNITS[units]))
      return toListReply(transfers, look, { items, ...toPartOf(block, found, id) }, request)
    },

    async listBlockTransactions({ id, units, ...look }, request) {
      const block = await readById(read, id)
      const found = await readTransactions(read, block.value.block.height)
      const items = found.value.map((transaction) => toWireTransaction(transaction, UNITS[units]))
      return toListReply(transactions, look, { items, ...toPartOf(block, found, id) }, request)
    },
  })
}

/** What every list of one block's own has in common: it is whole, and as of that block. */
function toPartOf(block: Read<PageBlock>, found: Source, id: BlockId) {
  return {
    asOf: toAsOfBlock(block.value.block),
    next: null,
    source: joinSources(block, found),
    cacheClass: toNamedClass(id, block),
  }
}

/** @throws {ProblemError} for one that is not there */
function readById(read: ReadPorts, id: BlockId): Soon<Read<PageBlock>> {
  return andThen(findById(read, id), (block) => {
    if (block !== null) return block
    throw notFound('Block', 'height' in id ? id.height : 'hash' in id ? id.hash : 'latest')
  })
}

function findById(read: ReadPorts, id: BlockId): Soon<Read<PageBlock> | null> {
  if ('height' in id) return readBlock(read, id.height)
  if ('latest' in id) return readLatestBlock(read)
  return andThen(readHeightOfHash(read, id.hash), (height) =>
    height === null ? null : readBlock(read, height),
  )
}

/** `latest` is another block in a moment. */
function toNamedClass(id: BlockId, block: Read<PageBlock>) {
  return 'latest' in id ? 'PER_BLOCK' : toClass(block)
}
