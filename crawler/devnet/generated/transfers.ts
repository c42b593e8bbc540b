import { toAccountHash } from '../../../src/domain/keys.ts'
import { toPlainKey } from './keys.ts'
import { Purpose, type Random } from './random.ts'

export interface Account {
  readonly publicKey: string
  /** 64 hex digits. */
  readonly hash: string
  /** Address of its main purse. */
  readonly purse: string
}

export interface Transfer {
  readonly from: Account
  readonly to: Account
  readonly amount: bigint
  readonly id: bigint | null
}

/** What a native transfer costs: 0.1 CSPR, burned in 2.x, the proposer's in 1.x. */
export const TRANSFER_COST = 100_000_000n

/** The accounts of a chain, made when first needed: an account hash costs more than all else of a transfer. */
export function createAccounts(count: number, random: Random): (index: number) => Account {
  const accounts = new Array<Account | undefined>(count)
  return (index) => {
    const made = accounts[index]
    if (made) return made
    const publicKey = toPlainKey(random, Purpose.account, index)
    const account = { publicKey, hash: toAccountHash(publicKey), purse: random.hash(Purpose.purse, index) }
    accounts[index] = account
    return account
  }
}

/** The transfer at a place of a block. `random` is that of the block's tail. */
export function toTransfer(
  random: Random,
  account: (index: number) => Account,
  accounts: number,
  height: number,
  index: number,
): Transfer {
  const draw = (second: number) => random.word(Purpose.transfer, height, index * 8 + second)
  const from = draw(0) % accounts
  // Never to oneself: such a transfer fails on a real chain.
  const to = (from + 1 + (draw(1) % (accounts - 1))) % accounts
  // Up to some 10 million CSPR, mostly far less; often above 2^53 motes.
  const amount =
    2_500_000_000n + BigInt(draw(2)) * BigInt(1 + (draw(3) % 5_000)) * (draw(4) % 8 === 0 ? 500n : 1n)
  const kind = draw(5)
  // None, small, or, one in 64, as large as 2^64 - 1.
  const id = kind % 2 === 0 ? null : kind % 64 === 1 ? 2n ** 64n - 1n - BigInt(draw(6)) : BigInt(draw(6))
  return { from: account(from), to: account(to), amount, id }
}
