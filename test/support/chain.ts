import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll } from 'vitest'
import { crawl } from '../../crawler/crawl/crawl.ts'
import { createAccuser } from '../../crawler/crawl/fetch.ts'
import type { CrawlOptions } from '../../crawler/crawl/options.ts'
import { Wake } from '../../crawler/crawl/wake.ts'
import { createRecordedNode, type RecordedNode, type RecordedNodeOptions } from '../../crawler/devnet/node.ts'
import { loadRecording, type Recording, type Shape } from '../../crawler/devnet/recording.ts'
import { createLog } from '../../crawler/log.ts'
import { parseJson } from '../../crawler/node/json.ts'
import { systemClock } from '../../crawler/node/pool/clock.ts'
import type { PoolOptions } from '../../crawler/node/pool/contract.ts'
import { createNodePool } from '../../crawler/node/pool/pool.ts'
import { createRpc } from '../../crawler/node/rpc.ts'
import type { PurgeGroup } from '../../src/api/policy.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { type ChainName, recordingDir } from '../fixtures/recordings/recordings.ts'

/** What a recorded network's makers noted: every operation that they sent, and each closed era. */
export interface Truth {
  readonly operations: readonly Operation[]
  readonly eras: readonly TruthEra[]
  readonly total_supply_by_height?: Readonly<Record<string, string>>
}

/** The two kinds of recordings spell some members differently; `toOperation` evens them out. */
export interface Operation {
  readonly kind: string
  readonly hash: string
  readonly height: number | null
  readonly eraId: number | null
  readonly success: boolean
  readonly error: string | null
  readonly amount: bigint | null
  readonly id: bigint | null
  readonly cost: bigint | null
  readonly limit: bigint | null
  readonly consumed: bigint | null
  readonly refund: bigint | null
  readonly validator: string | null
  readonly newValidator: string | null
  readonly delegationRate: number | null
}

export interface TruthEra {
  readonly era_id: number
  readonly switch_height: number
  readonly total_supply: string
  readonly blocks?: number
  readonly transactions?: number
  readonly fees_burned?: string
  readonly native_burned?: string
  readonly era_end_rewards_sum?: string | null
  readonly era_summary_allocations_sum?: string
  readonly seigniorage_allocations_sum?: string
}

type Raw = Readonly<Record<string, unknown>>

function toOperation(raw: Raw): Operation {
  const big = (value: unknown) => (value === null || value === undefined ? null : BigInt(value as string))
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return {
    kind: String(raw.kind),
    hash: String(raw.hash ?? raw.deploy_hash),
    height: number(raw.block_height),
    eraId: number(raw.era_id),
    success: raw.success === true || raw.execution === 'success',
    error: text(raw.error_message),
    amount: big(raw.amount),
    id: big(raw.id),
    cost: big(raw.cost),
    limit: big(raw.limit),
    consumed: big(raw.consumed),
    refund: big(raw.refund),
    validator: text(raw.validator),
    newValidator: text(raw.new_validator),
    delegationRate: number(raw.delegation_rate),
  }
}

export function loadTruth(name: ChainName): Truth {
  const file = join(import.meta.dirname, '../fixtures/recordings', name, 'truth.json.gz')
  const truth = parseJson(gunzipSync(readFileSync(file)).toString()) as Truth & { operations: Raw[] }
  return { ...truth, operations: truth.operations.map(toOperation) }
}

const recordings = new Map<string, Recording>()

/** Loaded once for a test file: unpacking takes a while. */
export function useRecording(name: ChainName, shape?: Shape): Recording {
  const key = `${name} ${shape}`
  const recording =
    recordings.get(key) ?? loadRecording(recordingDir(name), shape === undefined ? {} : { shape })
  recordings.set(key, recording)
  return recording
}

/** A running node with the recorded chain, closed after the file. */
export async function useNode(
  name: ChainName,
  options: Partial<RecordedNodeOptions> & { shape?: Shape } = {},
): Promise<RecordedNode> {
  const { shape, ...rest } = options
  const node = createRecordedNode({ recording: useRecording(name, shape), ...rest })
  await node.listen()
  afterAll(() => node.close())
  return node
}

export interface CrawlRun {
  readonly announced: PurgeGroup[][]
  readonly lines: Readonly<Record<string, unknown>>[]
  /** Settles when the crawl ended by itself; rejects with what ended it. */
  readonly done: Promise<void>
  stop(): Promise<void>
}

/** Crawls in this process, as `crawler/main.ts` does. */
export function startCrawl(
  rpcUrls: string | readonly string[],
  writerUrl: string,
  options: Partial<CrawlOptions> = {},
  nodes: Partial<PoolOptions> = {},
): CrawlRun {
  const stop = new AbortController()
  const announced: PurgeGroup[][] = []
  const lines: Record<string, unknown>[] = []
  const store = createStoreWriter(writerUrl)
  const log = createLog((line) => lines.push(JSON.parse(line)))
  const pool = createNodePool(
    {
      urls: [rpcUrls].flat(),
      connections: 8,
      patienceMs: 500,
      quarantineMs: 400,
      lookEveryMs: 200,
      ...nodes,
    },
    {
      connect: (url) =>
        createRpc({ url, connections: 8, pipeline: 1, timeoutMs: 3_000, maxBytes: 64 * 1024 * 1024 }),
      clock: systemClock,
      random: Math.random,
      log,
      toAccusation: createAccuser(log),
    },
  )
  const done = crawl(
    {
      startHeight: 0,
      ahead: 32,
      maxBlocks: 100,
      maxRows: 3_000,
      pollMs: 50,
      maxRollback: 100,
      auction: 'every',
      unproven: 'refuse',
      ...options,
    },
    {
      pool,
      store,
      announce: (groups) => announced.push([...groups]),
      wake: new Wake(),
      log,
      clock: { now: Date.now },
      steady: systemClock,
    },
    stop.signal,
  ).finally(() => Promise.all([store.close(), pool.close()]))
  done.catch(() => {})
  return {
    announced,
    lines,
    done,
    async stop() {
      stop.abort()
      await done.catch(() => {})
    },
  }
}
