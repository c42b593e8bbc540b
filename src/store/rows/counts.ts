import type { Counts } from '../../domain/block.ts'

/** The five columns that blocks and eras share. */
export interface CountColumns {
  readonly transferTransactions: number
  readonly burnTransactions: number
  readonly stakingTransactions: number
  readonly wasmTransactions: number
  readonly failedTransactions: number
}

export function toCountColumns(counts: Counts): CountColumns {
  return {
    transferTransactions: counts.transfers,
    burnTransactions: counts.burns,
    stakingTransactions: counts.staking,
    wasmTransactions: counts.wasm,
    failedTransactions: counts.failed,
  }
}

export function toCounts(row: CountColumns): Counts {
  return {
    transfers: row.transferTransactions,
    burns: row.burnTransactions,
    staking: row.stakingTransactions,
    wasm: row.wasmTransactions,
    failed: row.failedTransactions,
  }
}
