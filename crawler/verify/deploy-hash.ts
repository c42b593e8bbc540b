import type { Hash } from '../../src/domain/hash.ts'
import type { Field } from '../decode/field.ts'
import { Bytes } from './bytes.ts'
import { writeHexBlob, writeText } from './fields.ts'
import { writeArgs } from './runtime-args.ts'

/**
 * Recomputes the hash of a deploy's payment and session, and that of its header, into which the first enters
 * (casper-types, `Deploy` and `DeployHeader`). Approvals are in neither: they sign the hash.
 * @throws {DecodeFault} for a shape that we do not know
 */
export function toDeployHashes(deploy: Field): { readonly hash: Hash; readonly bodyHash: Hash } {
  deploy.only('hash', 'header', 'payment', 'session', 'approvals')
  const body = new Bytes()
  writeItem(body, deploy.get('payment'))
  writeItem(body, deploy.get('session'))
  const bodyHash = body.digest()
  return { hash: toHeaderHash(deploy.get('header'), bodyHash), bodyHash }
}

function toHeaderHash(header: Field, bodyHash: Hash): Hash {
  header.only('account', 'timestamp', 'ttl', 'gas_price', 'body_hash', 'dependencies', 'chain_name')
  const bytes = new Bytes()
    .hex(header.get('account').key())
    .u64(header.get('timestamp').time())
    .u64(header.get('ttl').duration())
    .u64(header.get('gas_price').u64())
    .hex(bodyHash)
  bytes.list(header.get('dependencies').list(), (hash) => bytes.hex(hash.hash()))
  writeText(bytes, header.get('chain_name'))
  return bytes.digest()
}

/** casper-types, `ExecutableDeployItem`. */
function writeItem(bytes: Bytes, field: Field): void {
  const [kind, item] = field.variant()
  switch (kind) {
    case 'ModuleBytes':
      item.only('module_bytes', 'args')
      bytes.u8(0)
      writeHexBlob(bytes, item.get('module_bytes'))
      break
    case 'StoredContractByHash':
      item.only('hash', 'entry_point', 'args')
      bytes.u8(1).hex(item.get('hash').hash())
      writeText(bytes, item.get('entry_point'))
      break
    case 'StoredContractByName':
      item.only('name', 'entry_point', 'args')
      writeText(bytes.u8(2), item.get('name'))
      writeText(bytes, item.get('entry_point'))
      break
    case 'StoredVersionedContractByHash':
      item.only('hash', 'version', 'entry_point', 'args')
      writeVersion(bytes.u8(3).hex(item.get('hash').hash()), item)
      writeText(bytes, item.get('entry_point'))
      break
    case 'StoredVersionedContractByName':
      item.only('name', 'version', 'entry_point', 'args')
      writeText(bytes.u8(4), item.get('name'))
      writeVersion(bytes, item)
      writeText(bytes, item.get('entry_point'))
      break
    case 'Transfer':
      item.only('args')
      bytes.u8(5)
      break
    default:
      throw field.fault('a known executable deploy item')
  }
  writeArgs(bytes, item.get('args'))
}

/** Of a package: null for the newest. */
function writeVersion(bytes: Bytes, of: Field): void {
  bytes.option(of.find('version'), (version) => bytes.u32(version.int(2 ** 32 - 1)))
}
