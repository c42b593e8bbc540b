import { z } from 'zod'
import type { Said } from '../../src/domain/peer.ts'

/** What matters of a node's status, from its own REST endpoint or by `info_get_status`: they are alike in 1.x and 2.x. */
export interface Status {
  readonly network: string
  readonly said: Said
  /** Whom it is connected to, as it says: a stranger's words. */
  readonly told: readonly unknown[]
}

/** Mainnet has some hundred nodes, and each is connected to most of the others. */
const MOST_TOLD = 1_000

/** A text that would not do as a version is no status: nothing odd gets as far as the store, a log or a page. */
const schema = z.object({
  api_version: z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/),
  build_version: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  chainspec_name: z.string().min(1).max(100),
  our_public_signing_key: z
    .string()
    .regex(/^(01[0-9a-f]{64}|02[0-9a-f]{66})$/i)
    .toLowerCase()
    .nullish(),
  peers: z.array(z.unknown()),
})
const entry = z.object({ address: z.string() })

/** null for what is no status of a node. */
export function parseStatus(answer: unknown): Status | null {
  const parsed = schema.safeParse(answer)
  if (!parsed.success) return null
  const { api_version, build_version, chainspec_name, our_public_signing_key, peers } = parsed.data
  return {
    network: chainspec_name,
    said: { validator: our_public_signing_key ?? null, version: build_version, apiVersion: api_version },
    told: peers.slice(0, MOST_TOLD).map((peer) => entry.safeParse(peer).data?.address),
  }
}
