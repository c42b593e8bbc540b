import { describe, expect, test } from 'vitest'
import { createResponder } from '../../../crawler/devnet/respond.ts'
import { readTruth } from '../../fixtures/recordings/recordings.ts'
import { byHeight, type Json, recorded } from './call.ts'

function asker(name: Parameters<typeof recorded>[0], shape?: Parameters<typeof recorded>[1]) {
  const recording = recorded(name, shape)
  const respond = createResponder(recording)
  const ask = (method: string, params?: unknown, tip = recording.lastHeight): Json => {
    const { answer } = respond(method, params, { tip, fork: null, uptime: 0 })
    const parsed = JSON.parse(answer.body.toString())
    return answer.failed ? { error: parsed } : { result: parsed }
  }
  return { recording, ask }
}
const supplyAt = (key: string, state_identifier: object, path: string[] = []) => ({
  state_identifier,
  key,
  path,
})

describe('the total supply', () => {
  const { recording, ask } = asker('casper-1x')
  const uref = 'uref-27cf2c6d31fb1205c8c8faaccbc1a31146204094fc59265abae64fc0ae9dc499-007'
  const mint = 'hash-c41ab80926716009479507d3be9ac1f60be0a3200c5c31fc2292da0597b1f529'
  const read = (answer: Json) => answer.result?.stored_value.CLValue.parsed

  test('of each era is what the chain had, by height, hash, state root and path', () => {
    const eras = readTruth('casper-1x').eras as Array<{ switch_height: number; total_supply: string }>
    for (const { switch_height, total_supply } of eras) {
      const block = recording.block(switch_height)
      const at = (state: object, key = uref, path: string[] = []) =>
        read(ask('query_global_state', supplyAt(key, state, path)))
      expect(at({ BlockHeight: switch_height })).toBe(total_supply)
      expect(at({ BlockHash: block?.hash })).toBe(total_supply)
      expect(at({ StateRootHash: block?.stateRootHash })).toBe(total_supply)
      expect(at({ BlockHeight: switch_height }, mint, ['total_supply'])).toBe(total_supply)
    }
  })

  test('inside a Version1 era is that of its beginning, under the header of the block asked for', () => {
    const answer = ask('query_global_state', supplyAt(uref, { BlockHeight: 1000 }))
    const before = recording.switchBlockAt(1000)
    expect(read(answer)).toBe(
      read(ask('query_global_state', supplyAt(uref, { BlockHeight: before?.height }))),
    )
    expect(answer.result.block_header.height).toBe(1000)
  })

  test('inside a Version2 era is told where it was recorded and refused where it was not', () => {
    const { ask } = asker('casper-upgrade')
    const byHeight = readTruth('casper-upgrade').total_supply_by_height as Record<string, string>
    const key = 'uref-3d2d9e883d8123b71db1e6bc5db6c41dc03e0e3adcef998b7778785b04ccfd13-007'
    let refused = 0
    for (let height = 249; height <= 970; height++) {
      const answer = ask('query_global_state', supplyAt(key, { BlockHeight: height }))
      if (byHeight[height] !== undefined) expect(read(answer)).toBe(byHeight[height])
      else if (answer.error) refused++
    }
    expect(refused).toBeGreaterThan(0)
    expect(ask('query_global_state', supplyAt(key, { BlockHeight: 968 })).error.code).toBe(-32012)
  })
})

test('the way to the supply, from registry to contract, is open at every height', () => {
  const { ask } = asker('casper-upgrade')
  const query = (height: number, key: string) =>
    ask('query_global_state', { state_identifier: { BlockHeight: height }, key, path: [] }).result
  for (const height of [0, 7, 248, 249, 600, 970]) {
    const registry = query(height, `system-entity-registry-${'0'.repeat(64)}`)
    const { value } = registry.stored_value.CLValue.parsed.find(({ key }: Json) => key === 'mint')
    const named = query(height, `hash-${value}`).stored_value.Contract.named_keys
    expect(named.map(({ name }: Json) => name)).toContain('total_supply')
    const header = registry.block_header
    expect((header.Version1 ?? header.Version2).height).toBe(height)
  }
})

describe('between two switch blocks', () => {
  test('an era summary is the one before, under the name of the era asked about', () => {
    const { recording, ask } = asker('casper-2x')
    const summary = (height: number) => ask('chain_get_era_summary', byHeight(height)).result.era_summary
    expect(summary(600).stored_value).toEqual(summary(recording.switchBlockAt(600)?.height ?? 0).stored_value)
    expect(summary(600).era_id).toBe(recording.block(600)?.eraId)
    expect(summary(600).block_hash).toBe(recording.block(600)?.hash)
  })

  test('there is no era info by switch block, and the sidecar takes the last one when not told which', () => {
    const { recording, ask } = asker('casper-2x')
    expect(ask('chain_get_era_info_by_switch_block', byHeight(600)).result.era_summary).toBeNull()
    const latest = ask('chain_get_era_info_by_switch_block', undefined, 600).result.era_summary
    expect(latest.block_hash).toBe(recording.switchBlockAt(600)?.hash)
  })

  test('the auction is refused, since bids may have changed', () => {
    expect(asker('casper-2x').ask('state_get_auction_info', byHeight(600)).error.code).toBe(-32012)
  })
})

test('the same blocks come in the shape of either node', () => {
  const sidecar = asker('casper-upgrade', 'sidecar').ask('chain_get_block', byHeight(100))
  const node = asker('casper-upgrade', 'node-1x').ask('chain_get_block', byHeight(100))
  expect(node.result.block.hash).toBe(sidecar.result.block_with_signatures.block.Version1.hash)
})
