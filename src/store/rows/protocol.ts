import type { Block } from '../../domain/block.ts'
import type { Protocol } from '../../domain/protocol.ts'
import type { protocols } from '../schema/operations.ts'

export type ProtocolRow = typeof protocols.$inferSelect

/**
 * The blocks with which another protocol version begins.
 * @param before version of the block before the first; null when the store begins here
 */
export function toProtocolRows(blocks: readonly Block[], before: string | null): ProtocolRow[] {
  const rows: ProtocolRow[] = []
  let current = before
  for (const { height, protocolVersion, eraId, time, hash } of blocks) {
    if (protocolVersion === current) continue
    current = protocolVersion
    rows.push({ activationHeight: height, version: protocolVersion, eraId, time, blockHash: hash })
  }
  return rows
}

/** The row says what the noun says. */
export const toProtocol = (row: ProtocolRow): Protocol => row
