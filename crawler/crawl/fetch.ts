import type { Absence } from '../../src/domain/auction.ts'
import type { Hash } from '../../src/domain/hash.ts'
import type { ChainBlock } from '../decode/block.ts'
import { type Log } from '../log.ts'
import { readAuction } from '../node/auction.ts'
import type { CasperNode } from '../node/node.ts'
import { type Capability, type NodePool, NoNodeError, NotHeldError } from '../node/pool/contract.ts'
import {
  type AuctionFigures,
  type AuctionMode,
  isAuctionAsked,
  toAbsentAuction,
  toFigures,
} from '../project/auction.ts'
import { isPaid } from '../project/era.ts'
import type { SystemContracts } from '../project/kind.ts'
import type { ChainHeight } from '../project/project.ts'
import { VerifyFault, verifyBlock } from '../verify/verify.ts'

/** A block that is what it claims to be, and who said it. */
export interface Found {
  readonly block: ChainBlock
  readonly node: CasperNode
}

/** Called when no node gives a figure: it stays absent, with this reason. */
export type OnAbsent = (
  figure: 'era summary' | 'total supply' | 'auction',
  height: number,
  reason: string,
) => void

/**
 * What proves a node's answer false, in words. A shape that we do not know does not: after an upgrade of the network every
 * honest node answers so.
 */
export function toAccusation(error: unknown): string | null {
  return error instanceof VerifyFault ? error.message : null
}

/** For a pool: logs what it accuses a node of, with the height and both hashes. */
export function createAccuser(log: Log): (error: unknown) => string | null {
  return (error) => {
    const reason = toAccusation(error)
    if (error instanceof VerifyFault) log.error('block refused', toFacts(error))
    return reason
  }
}

export function toFacts({ code, height, expected, got, message }: VerifyFault) {
  return { code, height, expected, got, reason: message }
}

/**
 * A height's block, checked against its own hashes; a node whose block fails is accused and another asked.
 * @param not nodes not to ask
 * @throws {NoNodeError}
 */
export function fetchBlock(
  pool: NodePool,
  height: number,
  signal: AbortSignal,
  not: readonly CasperNode[] = [],
): Promise<Found> {
  return pool.use(
    { heights: height, not },
    async (node, inner) => {
      const block = await node.readBlock(height, inner)
      if (block === null) throw new NotHeldError(`no block ${height}`)
      verifyBlock(block, height)
      return { block, node }
    },
    signal,
  )
}

/** null for what every node refuses. */
export async function orNull<T>(question: Promise<T>): Promise<T | null> {
  try {
    return await question
  } catch (error) {
    if (error instanceof NoNodeError && error.isFinal) return null
    throw error
  }
}

export interface RestOptions {
  /** The first height stored: its total supply is asked even if it is no switch block. */
  readonly isFirst: boolean
  readonly auction: AuctionMode
  /** Told of a transaction that is stored although its hash cannot be shown to be its own; absent: it is refused. */
  readonly onUnproven?: (hash: Hash, height: number, reason: unknown) => void
}

/**
 * Everything else that the network says of a verified block.
 * @throws {NoNodeError} when no node answers now; a figure that every node refuses is absent
 */
export async function fetchRest(
  pool: NodePool,
  block: ChainBlock,
  system: SystemContracts,
  { isFirst, auction, onUnproven }: RestOptions,
  onAbsent: OnAbsent,
  signal: AbortSignal,
): Promise<ChainHeight> {
  const { height } = block
  const absences: Absence[] = []
  const ask = <T>(capability: Capability, question: (node: CasperNode, signal: AbortSignal) => Promise<T>) =>
    pool.use({ heights: height, capability }, question, signal)
  const absent = (figure: Parameters<OnAbsent>[0]) => (error: unknown) => {
    if (!(error instanceof NoNodeError && error.isFinal)) throw error
    const reason = error.refusal?.message ?? error.message
    onAbsent(figure, height, reason)
    absences.push({ height, figure, reason: reason.slice(0, 300) })
    return null
  }
  const tipTime = pool.tip()?.time ?? block.time
  const uref = block.eraEnd !== null || isFirst ? system.totalSupply : null
  const [transactions, summary, totalSupply, figures] = await Promise.all([
    Promise.all(
      block.transactions.map((ref) =>
        ask(ref.format === 'deploy' ? 'deploy' : 'transaction', (node, inner) =>
          node.readTransaction(
            ref,
            block,
            inner,
            onUnproven && ((reason) => onUnproven(ref.hash, height, reason)),
          ),
        ),
      ),
    ),
    isPaid(block)
      ? ask('era_summary', (node, inner) => node.readEraSummary(block.hash, height, inner)).catch(
          absent('era summary'),
        )
      : null,
    uref === null
      ? null
      : ask('state', (node, inner) => node.readTotalSupply(uref, height, inner)).catch(
          absent('total supply'),
        ),
    isAuctionAsked(auction, block, tipTime) ? fetchAuction(pool, block, onAbsent, signal) : null,
  ])
  return { block, transactions, summary, totalSupply, absences, ...(figures && { auction: figures }) }
}

/**
 * The auction after a switch block: of `state_get_auction_info_v2` where a node gives it, else of the older method, which
 * leaves purse delegators out in 2.x.
 * @throws {NoNodeError} when no node answers now; what every node refuses or no longer keeps is absent, with the reason
 */
export async function fetchAuction(
  pool: NodePool,
  block: ChainBlock,
  onAbsent: OnAbsent,
  signal: AbortSignal,
): Promise<AuctionFigures> {
  const { height } = block
  let refused = ''
  for (const method of ['auction_v2', 'auction'] as const) {
    try {
      return toFigures(
        await pool.use(
          { heights: height, capability: method },
          (node, inner) => readAuction(node.rpc, method, block, inner),
          signal,
        ),
      )
    } catch (error) {
      if (!(error instanceof NoNodeError && error.isFinal)) throw error
      refused = error.refusal?.message ?? error.message
    }
  }
  onAbsent('auction', height, refused)
  return toAbsentAuction(height, refused)
}
