import type { Ms } from '../../../src/domain/time.ts'
import { Field } from '../../decode/field.ts'
import type { Rpc } from '../rpc.ts'

/** What a node says of itself, and when it said so. */
export interface Look {
  readonly at: Ms
  readonly network: string
  readonly shape: '1.x' | 'sidecar'
  readonly version: string
  readonly height: number
  readonly time: Ms
  /** Heights it can answer for, inclusive. */
  readonly lowest: number
  readonly highest: number
}

export const STATUS = 'info_get_status'

/** @throws {DecodeFault} also for a node that has no blocks yet */
export async function readLook(rpc: Rpc, now: () => Ms, signal: AbortSignal): Promise<Look> {
  const status = new Field(await rpc.call(STATUS, undefined, signal), STATUS)
  const last = status.find('last_added_block_info')
  if (last === null) throw status.fault('a node that has blocks (last_added_block_info)')
  const height = last.get('height').int()
  const range = status.find('available_block_range')
  return {
    at: now(),
    network: status.get('chainspec_name').text(),
    shape: status.get('api_version').text().startsWith('1.') ? '1.x' : 'sidecar',
    version: status.find('build_version')?.text() ?? status.get('api_version').text(),
    height,
    time: last.get('timestamp').time(),
    lowest: range?.get('low').int() ?? 0,
    highest: Math.min(height, range?.get('high').int() ?? height),
  }
}
