import { describe, expect, test } from 'vitest'
import { parseBlock } from '../../../../crawler/decode/block.ts'
import { Field } from '../../../../crawler/decode/field.ts'
import { EventFrames, NoEventsError, type Told } from '../../../../crawler/node/event-frames.ts'
import { parseJson } from '../../../../crawler/node/json.ts'
import { VerifyFault, verifyBlock } from '../../../../crawler/verify/verify.ts'
import { hasSamples, readIndex, readSample } from '../../../support/samples.ts'

const withBlocks = readIndex().filter(
  ({ kind, check }) => ['chain_get_block', 'sidecar_rest', 'sse'].includes(kind) && check.includes('block'),
)
const streams = readIndex().filter(({ kind }) => kind === 'sse')

/** Blocks of a development version, whose bodies had a list for each lane by its name. */
const NOT_DECODED: readonly string[] = [
  'dev-net/2.x/chain_get_block/block-170442-era387.json',
  'dev-net/2.x/chain_get_block/block-441-era1-switch-b.json',
]

/** Events without the empty lines between them, as a program wrote them down: to a reader, one without an end. */
const UNSEPARATED = 'testnet/1.x/sse/kafka-producer-events.stream'

type Any = Readonly<Record<string, unknown>>

/** Every block within a JSON value, as an answer to `chain_get_block` has it. */
function findBlocks(value: unknown): Any[] {
  if (typeof value !== 'object' || value === null) return []
  const { header, Version1, Version2 } = value as Any
  const isHeader = (one: unknown) => (one as Any | undefined)?.accumulated_seed !== undefined
  if ([Version1, Version2].some((block) => isHeader((block as Any | undefined)?.header)))
    return [{ block_with_signatures: { block: value } }]
  if (isHeader(header)) return [{ block: withLists(value as Any) }]
  return Object.values(value).flatMap(findBlocks)
}

/** Event streams before 1.2 have rewards and weights as objects by key; the crawler takes no block from a stream. */
function withLists(block: Any): Any {
  const header = block.header as { era_end?: { era_report: Any; next_era_validator_weights: object } }
  const end = header.era_end
  if (!end || Array.isArray(end.next_era_validator_weights)) return block
  const toList = (of: object, name: string) =>
    Object.entries(of).map(([validator, value]) => ({ validator, [name]: value }))
  const report = { ...end.era_report, rewards: toList(end.era_report.rewards as object, 'amount') }
  const weights = toList(end.next_era_validator_weights, 'weight')
  return {
    ...block,
    header: { ...header, era_end: { ...end, era_report: report, next_era_validator_weights: weights } },
  }
}

/** The JSON values of a file: it itself, or what stands behind `data:` in a recorded stream. */
function readValues(file: string): unknown[] {
  const text = readSample(file)
  if (file.endsWith('.json')) return [parseJson(text)]
  return text.split('\n').flatMap((line) => (/^data:\s*\{/.test(line) ? [parseJson(line.slice(5))] : []))
}

function judge(answer: Any): string {
  const block = parseBlock(new Field(answer, 'chain_get_block'))
  if (block === null) throw new Error('no block')
  try {
    verifyBlock(block, block.height)
    return 'ok'
  } catch (error) {
    const { code, message, height, expected, got } = error as VerifyFault
    expect(error).toBeInstanceOf(VerifyFault)
    expect(message).toBe(`Block ${height} refused (${code}): expected ${expected}, the node says ${got}`)
    expect(got).toBe(code === 'BODY_HASH' ? block.bodyHash : block.hash)
    return code
  }
}

describe.skipIf(!hasSamples)('real blocks', () => {
  test('are as many as the index has', () => {
    expect(withBlocks).toHaveLength(85 + 2 + 13)
  })

  test.each(withBlocks)('$file: $check', ({ file, check }) => {
    const answers = readValues(file).flatMap(findBlocks)
    expect(answers.length).toBe(Number(/block ok (\d+)/.exec(check)?.[1] ?? 1))
    if (NOT_DECODED.includes(file)) {
      for (const answer of answers)
        expect(() => judge(answer)).toThrow('body: expected a member transactions')
      return
    }
    const expected = check.includes('body NO')
      ? 'BODY_HASH'
      : check.includes('block NO')
        ? 'BLOCK_HASH'
        : 'ok'
    expect(answers.map(judge)).toEqual(answers.map(() => expected))
  })
})

describe.skipIf(!hasSamples)('real event streams', () => {
  test.each(streams)('$file', ({ file }) => {
    if (file === UNSEPARATED) {
      const frames = new EventFrames(() => {})
      return expect(() => frames.feed(readSample(file))).toThrow(NoEventsError)
    }
    const values = readValues(file).flatMap(toEvents) as Any[]
    const text = file.endsWith('.json')
      ? values.map((value, id) => `data:${toLine(value)}\nid:${id}\n\n`).join('')
      : readSample(file)
    const told: Told[] = []
    const frames = new EventFrames((one) => told.push(one))
    // As it comes over a wire: in pieces that know nothing of lines.
    for (let at = 0; at < text.length; at += 1_000) frames.feed(text.slice(at, at + 1_000))
    frames.feed('\n\n')
    expect(told).toHaveLength(values.length)
    const own = values.filter((value) => value.BlockAdded).flatMap(findBlocks)
    expect(told.flatMap(({ isBlock, height }) => (isBlock ? [height] : []))).toEqual(
      own.map((answer) => parseBlock(new Field(answer, ''))?.height),
    )
  })
})

/** A store of events wraps each in what it knows of it. */
const toEvents = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.flatMap(toEvents) : [(value as Any).dataType ? (value as Any).data : value]

const toText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
const toLine = (value: unknown) => JSON.stringify(value, toText)
