import type { Hono } from 'hono'
import { endpoints } from '../api/endpoints.ts'
import { toFilterFields } from '../api/filter-fields.ts'
import { parseFilter } from '../api/filter-parser.ts'
import { nothingFound } from '../api/problem.ts'
import { compatibleBlock } from '../api/wire/compatible.ts'
import { pickFields, toCompatibleBlock } from '../api/wire/to-compatible.ts'
import type { Era } from '../domain/era.ts'
import { isHash } from '../domain/hash.ts'
import type { Reply } from '../lib/reply.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { PageAnswer } from '../middleware/edge.ts'
import { type BlockFigures, toBlockText } from '../read/block-text.ts'
import { peekFigures, readFigures, readHeightOfHash, readTipHeight } from '../read/blocks.ts'
import { readCountedEra } from '../read/circulating.ts'
import { readEraOf, readLastCompletedEra } from '../read/eras.ts'
import type { PageFigures } from '../read/figures.ts'
import { joinSources, type Read, type ReadPorts, type Source } from '../read/ports.ts'
import { findBlocks } from '../read/questions.ts'
import { askFilter } from './filters.ts'
import { toClass, toJson, toReply, toText } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'
import { readCirculating, supplyUnknown, totalUnknown } from './supply.ts'

const fields = toFilterFields(compatibleBlock)

/** The compatible `/block` paths. A height wins over a hash, a filter over both. */
export function createBlockRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getBlocks({ filter, blockHeight, hash }) {
      if (filter !== undefined) return answerFilter(read, filter)
      const isNamed = blockHeight !== undefined || hash !== undefined
      return andThen(readNamed(read, blockHeight, hash), (found) => {
        const { figures, era } = found.value
        if (era !== null) return toBlockReply(figures, era, found, isNamed && found.closed)
        return andThen(readEraOf(read, figures.height, figures.eraId), (elsewhere) => {
          const isClosed = isNamed && found.closed && elsewhere.closed
          return toBlockReply(figures, elsewhere.value, joinSources(found, elsewhere), isClosed)
        })
      })
    },

    getBlockTotal({ blockHeight, hash }) {
      const isNamed = blockHeight !== undefined || hash !== undefined
      return andThen(readNamed(read, blockHeight, hash), (found) => {
        const { height, totalSupply } = found.value.figures
        if (totalSupply === null) throw totalUnknown(`after block ${height}`)
        return toText(String(totalSupply), found, isNamed ? toClass(found) : endpoints.getBlockTotal.cache)
      })
    },

    getBlockCirculating({ blockHeight, hash }) {
      if (blockHeight === undefined && hash === undefined) return answerLastCompleted(read)
      return andThen(readNamed(read, blockHeight, hash), ({ value }) =>
        answerCirculating(read, value.figures.height, value.figures.eraId),
      )
    },
  })
}

function toBlockReply(figures: BlockFigures, era: Era, source: Source, isClosed: boolean): Reply {
  const { text, etag } = toBlockText(figures, era)
  const { tier, stale, storedAt } = source
  const cacheClass = isClosed ? 'IMMUTABLE' : endpoints.getBlocks.cache
  return { status: 200, type: 'application/json', body: text, etag, cacheClass, tier, stale, storedAt }
}

const BY_HEIGHT = `${endpoints.getBlocks.path}?blockHeight=`
/** Digits that make a height, whatever the chain. */
const MOST_DIGITS = 10

/**
 * Answers the one question that is asked of all of history, a block by its height, straight from a page in memory. null
 * for every other question and spelling, which the routes answer: they parse in full, and find the same.
 */
export function createPageAnswers(read: ReadPorts): (key: string) => PageAnswer | null {
  const { budget } = endpoints.getBlocks
  return (key) => {
    if (!key.startsWith(BY_HEIGHT)) return null
    const height = toPlainHeight(key, BY_HEIGHT.length)
    const found = height < 0 ? null : peekFigures(read, height)
    if (found === null || found.value.era === null) return null
    return { reply: toBlockReply(found.value.figures, found.value.era, found, true), budget }
  }
}

/** -1 for what is not digits alone. */
function toPlainHeight(key: string, start: number): number {
  const { length } = key
  if (length === start || length > start + MOST_DIGITS) return -1
  let height = 0
  for (let at = start; at < length; at++) {
    const digit = key.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    height = 10 * height + digit
  }
  return height
}

/** The newest block where none is named. @throws {ProblemError} when there is none */
function readNamed(
  read: ReadPorts,
  height: number | undefined,
  hash: string | undefined,
): Soon<Read<PageFigures>> {
  return andThen(toHeight(read, height, hash), (known) =>
    andThen(known === null ? null : readFigures(read, known), (found) => {
      if (found === null) throw nothingFound()
      return found
    }),
  )
}

/** A hash that cannot be one finds nothing, as a height that cannot be one. */
function toHeight(
  read: ReadPorts,
  height: number | undefined,
  hash: string | undefined,
): Soon<number | null> {
  if (height !== undefined) return height
  if (hash === undefined) return readTipHeight(read)
  return isHash(hash) ? readHeightOfHash(read, hash.toLowerCase()) : null
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
  return toText(await readCirculating(read, era.value), era, endpoints.getBlockCirculating.cache)
}

async function answerCirculating(read: ReadPorts, height: number, eraId: number): Promise<Reply> {
  const counted = await readCountedEra(read, await readEraOf(read, height, eraId))
  if (counted === null) throw supplyUnknown('No era was completed before this block.')
  const cacheClass = counted.closed ? 'IMMUTABLE' : endpoints.getBlockCirculating.cache
  return toText(await readCirculating(read, counted.value), counted, cacheClass)
}
