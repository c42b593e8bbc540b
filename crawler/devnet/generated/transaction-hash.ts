import { TRANSFER_COST, type Transfer } from './transfers.ts'
import { toU512, Writer } from './writer.ts'

/** Hashes of a chain's native transfers, of what `deploy-text.ts` and `transaction-text.ts` write of them. */
export interface TransactionHashes {
  /** 1.x. @param time of its block, milliseconds since 1970 */
  deploy(transfer: Transfer, time: number): { readonly hash: string; readonly bodyHash: string }
  /** 2.x */
  transaction(transfer: Transfer, time: number): string
}

/** How long before its block a transaction was made, milliseconds. */
export const AGE = 2_000
const TTL = 30 * 60_000

const writer = new Writer()

/**
 * What is the same in all transfers of a chain is put into bytes once: thousands are hashed a second. On its own and not
 * shared with the crawler, whose checks it serves to test (casper-types 6, `Deploy` and `TransactionV1Payload`).
 */
export function createTransactionHashes(network: string): TransactionHashes {
  const name = Buffer.from(network)
  const payment = toBytes((all) => {
    all.u8(0).u32(0).u32(1)
    writeAmount(all, TRANSFER_COST)
  })
  const gasPrice = 1
  const pricing = toBytes((all) => {
    writeTable(all, [1, 8, 1, 1])
    all.u8(0).u64(Number(TRANSFER_COST)).u8(gasPrice).u8(1)
  })
  // From the time to live to the number of the first field, the arguments.
  const middle = toBytes((all) => {
    all.u64(TTL).u32(name.length).raw(name).raw(pricing).u32(4).u16(0)
  })
  // Target, entry point and scheduling: Native, Transfer, Standard.
  const end = toBytes((all) => {
    for (const [field, tag] of [
      [1, 0],
      [2, 2],
      [3, 0],
    ] as const) {
      all.u16(field).u32(TAGGED)
      writeTable(all, [1])
      all.u8(tag)
    }
  })

  return {
    deploy({ from, to, amount, id }, time) {
      writer.clear().raw(payment).u8(5).u32(3)
      writeAmount(writer, amount)
      writeTarget(writer, to.publicKey)
      writeId(writer, id)
      const bodyHash = writer.digest()
      writer
        .clear()
        .hex(from.publicKey)
        .u64(time - AGE)
        .u64(TTL)
        .u64(gasPrice)
      const hash = writer.hex(bodyHash).u32(0).u32(name.length).raw(name).digest()
      return { hash, bodyHash }
    },
    transaction({ from, to, amount, id }, time) {
      const keySize = from.publicKey.length / 2
      // The arguments: tag and count, three names and types, and the values behind their lengths.
      const values = [to.publicKey.length / 2, toU512(amount).length / 2, id === null ? 1 : 9] as const
      const argsSize = 5 + ARGS + values[0] + values[1] + values[2]
      const fields = 4 + 4 * 6 + argsSize + 3 * TAGGED
      writer.clear()
      writeTable(writer, [tableSize(2) + 1 + keySize, 8, 8, 4 + name.length, pricing.length, fields])
      writeTable(writer, [1, keySize])
      writer
        .u8(0)
        .hex(from.publicKey)
        .u64(time - AGE)
        .raw(middle)
        .u32(argsSize)
        .u8(0)
        .u32(3)
      writeTarget(writer, to.publicKey)
      writeAmount(writer, amount)
      writeId(writer, id)
      return writer.raw(end).digest()
    },
  }
}

const toNamed = (name: string): Buffer => toBytes((all) => all.u32(name.length).raw(Buffer.from(name)))

function toBytes(write: (all: Writer) => void): Buffer {
  const all = new Writer()
  write(all)
  return all.bytes()
}

/** The table of an envelope: each field's number and where it begins, and how long they are together. */
function writeTable(all: Writer, sizes: readonly number[]): void {
  all.u32(sizes.length)
  let start = 0
  for (const [field, size] of sizes.entries()) {
    all.u16(field).u32(start)
    start += size
  }
  all.u32(start)
}

const tableSize = (fields: number): number => 4 + 6 * fields + 4
/** An envelope of nothing but a tag. */
const TAGGED = tableSize(1) + 1

const [AMOUNT, TARGET, ID] = ['amount', 'target', 'id'].map(toNamed) as [Buffer, Buffer, Buffer]
/** Of the three arguments: all but their values. The types are one byte, one and two. */
const ARGS = AMOUNT.length + TARGET.length + ID.length + 3 * 4 + 4

function writeAmount(all: Writer, amount: bigint): void {
  const hex = toU512(amount)
  all
    .raw(AMOUNT)
    .u32(hex.length / 2)
    .hex(hex)
    .u8(8)
}

function writeTarget(all: Writer, publicKey: string): void {
  all
    .raw(TARGET)
    .u32(publicKey.length / 2)
    .hex(publicKey)
    .u8(22)
}

function writeId(all: Writer, id: bigint | null): void {
  all.raw(ID)
  if (id === null) all.u32(1).u8(0)
  else all.u32(9).u8(1).score(id)
  all.u8(13).u8(5)
}
