import type { Checkpoint } from '../../src/domain/network.ts'
import { type EraValidator, SIGNATURE_REACH } from '../../src/domain/reward.ts'
import type { StoreWriter } from '../../src/ports.ts'
import type { NodePool } from '../node/pool/contract.ts'
import { closeSet, countBlock, createEraSet, type EraSet, type EraSets } from '../project/era-set.ts'
import { fetchBlock } from './fetch.ts'
import { prefetch } from './prefetch.ts'

/**
 * The validators' rows as they stood after a switch block: of the eras whose signatures could still be cited there, counted
 * again from the network's blocks, since what later blocks cited cannot be taken off a sum; and of the next era.
 */
export async function recountValidators(
  pool: NodePool,
  store: Pick<StoreWriter, 'readEras' | 'readEraValidators'>,
  to: Checkpoint,
  signal: AbortSignal,
): Promise<EraValidator[]> {
  const eras = (await store.readEras(Math.max(0, to.eraId - SIGNATURE_REACH), to.eraId)).filter(
    ({ endHeight }) => endHeight !== null && endHeight > to.height - SIGNATURE_REACH,
  )
  const stored = Map.groupBy(
    await store.readEraValidators(eras[0]?.id ?? to.eraId, to.eraId + 1),
    ({ eraId }) => eraId,
  )
  const toWeights = (eraId: number) =>
    (stored.get(eraId) ?? []).flatMap(({ validator, weight }) =>
      weight === null ? [] : [{ validator, weight }],
    )

  let sets: EraSets = []
  const fetch = (height: number, inner: AbortSignal) => fetchBlock(pool, height, inner)
  for await (const { block } of prefetch(
    eras[0]?.startHeight ?? to.height + 1,
    to.height,
    16,
    fetch,
    signal,
  )) {
    if (sets.at(-1)?.eraId !== block.eraId) {
      sets = [...sets, createEraSet(block.eraId, block.height, toWeights(block.eraId))]
    }
    sets = countBlock(sets, block)
    if (block.eraEnd) sets = [...sets.slice(0, -1), closeSet(sets.at(-1) as EraSet, block.height, block)]
  }
  signal.throwIfAborted()
  const cited = new Map(
    sets.flatMap((set) => [...set.validators.values()].map((row) => [toKey(row), row.cited] as const)),
  )
  const recent = eras.flatMap(({ id }) => stored.get(id) ?? [])
  const next = createEraSet(to.eraId + 1, to.height + 1, toWeights(to.eraId + 1))
  return [
    ...recent.map((row) => ({ ...row, cited: cited.get(toKey(row)) ?? row.cited })),
    ...next.validators.values(),
  ]
}

const toKey = ({ eraId, validator }: EraValidator): string => `${eraId} ${validator}`
