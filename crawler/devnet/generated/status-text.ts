import { type Shape, toTimeText } from './block-text.ts'
import type { Header } from './header.ts'

/** Other nodes, as info_get_status and info_get_peers list them. */
const PEERS =
  '[{"node_id":"tls:28ad..29c2","address":"127.0.0.1:36003"},{"node_id":"tls:77eb..7e12","address":"127.0.0.1:36002"}]'

export const apiVersion = (shape: Shape): string => (shape === 'sidecar' ? '2.0.0' : '1.5.8')

/** Result of info_get_status of a node whose chain ends at `tip` and begins at `lowest`. */
export function toStatusText(network: string, tip: Header, lowest: number, shape: Shape): string {
  const { place, hash, stateRootHash, proposer } = tip
  const time = toTimeText(place.time)
  const last = `{"hash":"${hash}","timestamp":"${time}","era_id":${place.eraId},"height":${place.height},"state_root_hash":"${stateRootHash}","creator":"${proposer}"}`
  const [version, build, latest] =
    shape === 'sidecar'
      ? [
          `"protocol_version":"${place.protocolVersion}",`,
          `${place.protocolVersion}-`,
          `,"latest_switch_block_hash":"${tip.switchHash}"`,
        ]
      : ['', place.protocolVersion, '']
  return `{"api_version":"${apiVersion(shape)}",${version}"peers":${PEERS},"build_version":"${build}","chainspec_name":"${network}","starting_state_root_hash":"${stateRootHash}","last_added_block_info":${last},"our_public_signing_key":"${tip.set.members[0]?.publicKey}","round_length":"1s 24ms","next_upgrade":null,"uptime":"1h","reactor_state":"Validate","last_progress":"${time}","available_block_range":{"low":${lowest},"high":${place.height}},"block_sync":{"historical":null,"forward":null}${latest}}`
}

export const toPeersText = (shape: Shape): string => `{"api_version":"${apiVersion(shape)}","peers":${PEERS}}`

/** A chain specification of the few lines that say which chain this is. */
export function toChainspecText(network: string, tip: Header, shape: Shape): string {
  const toml = `[protocol]\nversion = '${tip.place.protocolVersion}'\n[network]\nname = '${network}'\n`
  const hex = Buffer.from(toml).toString('hex')
  return `{"api_version":"${apiVersion(shape)}","chainspec_bytes":{"chainspec_bytes":"${hex}","maybe_genesis_accounts_bytes":null,"maybe_global_state_bytes":null}}`
}
