import type { Hono } from 'hono'
import { endpoints } from '../api/endpoints.ts'
import { type FilterFields, toFilterFields } from '../api/filter-fields.ts'
import { parseFilter } from '../api/filter-parser.ts'
import { nothingFound } from '../api/problem.ts'
import { compatibleBlock } from '../api/wire/compatible.ts'
import { pickFields, toCompatibleBlock } from '../api/wire/to-compatible.ts'
import { isHash } from '../domain/hash.ts'
import type { Reply } from '../lib/reply.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { PageBlock } from '../read/block-page.ts'
import { readHeightOfHash, readLatestBlock, readSummary } from '../read/blocks.ts'
import { readCountedEra } from '../read/circulating.ts'
import { readEra, readLastCompletedEra, withEra } from '../read/eras.ts'
import { joinSources, type Read, type ReadPorts } from '../read/ports.ts'
import { findBlocks } from '../read/questions.ts'
import type { BlockSummary } from '../read/records.ts'
import { askFilter } from './filters.ts'
import { toClass, toJson, toText } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'
import { supplyUnknown, toCirculating, toTotal } from './supply.ts'

const fields: FilterFields = toFilterFields(compatibleBlock)

/** The compatible `/block` paths. A height wins over a hash, a filter over both. */
export function createBlockRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getBlocks({ filter, blockHeight, hash }) {
      if (filter !== undefined) return answerFilter(read, filter)
      const isNamed = blockHeight !== undefined || hash !== undefined
      return andThen(readNamed(read, blockHeight, hash), (block) => {
        if (block === null) throw nothingFound()
        return andThen(withEra(read, block), (found) => {
          const { value } = found
          const wire = toCompatibleBlock(value.block, value.previousTime, value.era)
          return toJson([wire], found, isNamed ? toClass(found) : endpoints.getBlocks.cache)
        })
      })
    },

    getBlockTotal({ blockHeight, hash }) {
      const isNamed = blockHeight !== undefined || hash !== undefined
      return andThen(readNamed(read, blockHeight, hash), (found) => {
        if (found === null) throw nothingFound()
        const { height, totalSupply } = found.value.block
        const digits = toTotal(totalSupply, `after block ${height}`)
        return toText(digits, found, isNamed ? toClass(found) : endpoints.getBlockTotal.cache)
      })
    },

    getBlockCirculating({ blockHeight, hash }) {
      if (blockHeight === undefined && hash === undefined) return answerLastCompleted(read)
      return andThen(readNamed(read, blockHeight, hash), (block) => {
        if (block === null) throw nothingFound()
        return answerCirculating(read, block)
      })
    },
  })
}

/** A hash that cannot be one finds nothing, as a height that cannot be one. */
function readNamed(
  read: ReadPorts,
  height: number | undefined,
  hash: string | undefined,
): Soon<Read<PageBlock<BlockSummary>> | null> {
  if (height !== undefined) return readSummary(read, height)
  if (hash === undefined) return readLatestBlock(read)
  if (!isHash(hash)) return null
  return andThen(readHeightOfHash(read, hash.toLowerCase()), (found) =>
    found === null ? null : readSummary(read, found),
  )
}

async function answerFilter(read: ReadPorts, text: string): Promise<Reply> {
  const filter = parseFilter(fields, text)
  const found = await askFilter(() => findBlocks(read, filter))
  if (found.value.length === 0) throw nothingFound()
  const blocks = found.value.map(({ block, previousTime, era }) =>
    pickFields(toCompatibleBlock(block, previousTime, era), filter.fields),
  )
  return toJson(blocks, found, endpoints.getBlocks.cache)
}

async function answerLastCompleted(read: ReadPorts): Promise<Reply> {
  const era = await readLastCompletedEra(read)
  if (era === null) throw supplyUnknown('No era is completed yet: circulating supply is counted at its end.')
  return toText(toCirculating(era.value), era, endpoints.getBlockCirculating.cache)
}

async function answerCirculating(read: ReadPorts, block: Read<PageBlock<BlockSummary>>): Promise<Reply> {
  const era = await readEra(read, block.value.block.eraId)
  const counted = era && (await readCountedEra(read, era))
  if (counted === null) throw supplyUnknown('No era was completed before this block.')
  const cacheClass = counted.closed ? 'IMMUTABLE' : endpoints.getBlockCirculating.cache
  return toText(toCirculating(counted.value), joinSources(block, counted), cacheClass)
}
