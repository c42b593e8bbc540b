import type { Hash } from '../../src/domain/hash.ts'
import type { BlockV1, BlockV2, ChainBlock } from '../decode/block.ts'
import { Bytes, byKey, writeVersion } from './bytes.ts'

/** Recomputes the hash of a block's body from its contents. */
export function toBodyHash(block: ChainBlock): Hash {
  return block.generation === 1 ? bodyHashV1(block) : bodyHashV2(block)
}

/** Recomputes a block's hash from its header; the body enters by `body_hash`. */
export function toBlockHash(block: ChainBlock): Hash {
  return block.generation === 1 ? blockHashV1(block) : blockHashV2(block)
}

/** casper-node 1.5.8, `node/src/types/block.rs`: proposer, deploy hashes, transfer hashes, in the JSON's order. */
function bodyHashV1(block: BlockV1): Hash {
  const bytes = new Bytes().hex(block.proposer)
  bytes.list(block.deployHashes, (hash) => bytes.hex(hash))
  bytes.list(block.transferHashes, (hash) => bytes.hex(hash))
  return bytes.digest()
}

function blockHashV1(block: BlockV1): Hash {
  const bytes = writeStart(block)
  const { eraEnd } = block
  bytes.bool(eraEnd !== null)
  if (eraEnd) {
    bytes.list(eraEnd.equivocators, (key) => bytes.hex(key))
    bytes.list(byKey(eraEnd.scores), ({ validator, score }) => bytes.hex(validator).u64(score))
    bytes.list(eraEnd.inactive, (key) => bytes.hex(key))
    bytes.list(byKey(eraEnd.weights), ({ validator, weight }) => bytes.hex(validator).u512(weight))
  }
  bytes.u64(block.time).u64(block.eraId).u64(block.height)
  writeVersion(bytes, block.protocolVersion)
  return bytes.digest()
}

/** casper-types 6, `BlockBodyV2`: lanes ascending as the answer shows them, then the rewarded signatures. */
function bodyHashV2(block: BlockV2): Hash {
  const bytes = new Bytes()
  bytes.list(block.lanes, ({ lane, refs }) => {
    bytes.u8(lane).list(refs, ({ format, hash }) => bytes.u8(format === 'deploy' ? 0 : 1).hex(hash))
  })
  bytes.list(block.rewardedSignatures, (bitmap) => bytes.blob(bitmap))
  return bytes.digest()
}

/** casper-types 6, `BlockHeaderV2`. The order inside `era_end` is not that of 1.x. */
function blockHashV2(block: BlockV2): Hash {
  const bytes = writeStart(block)
  const { eraEnd } = block
  bytes.bool(eraEnd !== null)
  if (eraEnd) {
    bytes.list(eraEnd.equivocators, (key) => bytes.hex(key))
    bytes.list(eraEnd.inactive, (key) => bytes.hex(key))
    bytes.list(byKey(eraEnd.weights), ({ validator, weight }) => bytes.hex(validator).u512(weight))
    bytes.list(byKey(eraEnd.rewards), ({ validator, amounts }) => {
      bytes.hex(validator).list(amounts, (amount) => bytes.u512(amount))
    })
    bytes.u8(eraEnd.nextEraGasPrice)
  }
  bytes.u64(block.time).u64(block.eraId).u64(block.height)
  writeVersion(bytes, block.protocolVersion)
  bytes
    .hex(block.proposer)
    .u8(block.gasPrice)
    .bool(block.lastSwitchBlockHash !== null)
  if (block.lastSwitchBlockHash !== null) bytes.hex(block.lastSwitchBlockHash)
  return bytes.digest()
}

/** What both generations' headers begin with. */
function writeStart(block: ChainBlock): Bytes {
  return new Bytes()
    .hex(block.parentHash)
    .hex(block.stateRootHash)
    .hex(block.bodyHash)
    .bool(block.randomBit)
    .hex(block.accumulatedSeed)
}
