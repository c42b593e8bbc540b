import type { Motes } from '../motes.ts'
import type { Ms } from '../time.ts'
import type { SupplyInputs } from './inputs.ts'
import type { Method } from './method.ts'

const DAY: Ms = 86_400_000
/** The genesis stake is freed in equal parts on days 90 to 103 after genesis. */
const FIRST_DAY = 90
const PARTS = 14
/** From this era on all rewards circulate; before, as much of them as of the genesis stake. */
const ALL_REWARDS_FROM = 1235

/**
 * `predecessor/1`, how the Casper Metrics of 2021–2024 counted: what was released, added up.
 *
 *     transfers(e)  = approved transfers out of the genesis vaults, of eras up to e
 *     validators(e) = what the schedule has freed of the genesis stake by the end of e
 *     rewards(e)    = supply(e) − genesis supply                                     from era 1235 on
 *                   = (supply(e) − genesis supply) × validators(e) / genesis stake   before
 *
 * Rules: `src/services/circulating.service.ts` and `src/controllers/validators-unlock.controller.ts` of
 * github.com/a3mc/Casper-Metrics. Its mistakes are mended: motes instead of floats, one division at the end instead of
 * rounding in each era, eras up to 480 are counted too, and no figure depends on another row. So it may differ from what
 * was published then by the roundings, up to half a CSPR an era with approved transfers.
 *
 * The figures' method names the version of the network's inputs too: `predecessor/1.3` are the rules of 1 with inputs 3.
 */
export function createPredecessor(inputs: SupplyInputs): Method {
  const { genesis, unlocks, approvedTransfers: approved } = inputs
  const missing = [
    !genesis.known && `genesis (${genesis.note})`,
    !unlocks.known && `unlock schedule (${unlocks.note})`,
    !approved.known && `approved transfers (${approved.note})`,
  ].filter((part) => part !== false)
  if (!genesis.known || !unlocks.known || !approved.known) {
    return () => ({ absent: `its method lacks inputs: ${missing.join('; ')}` })
  }
  const method = `predecessor/1.${inputs.version}`
  const released = sumUp(approved.list)

  return ({ id, end, totalSupply }) => {
    if (end === null) return { absent: 'it is still open' }
    if (totalSupply === null) return { absent: 'the total supply at its end is not known' }
    const dated = unlocks.dated.reduce((sum, { time, motes }) => (time <= end ? sum + motes : sum), 0n)
    // Both in fourteenths, so that each figure is divided once.
    const freed = unlocks.daily * BigInt(toParts(end - genesis.time)) + dated * BigInt(PARTS)
    const minted = totalSupply - genesis.supply
    const validators = freed / BigInt(PARTS)
    const rewards = id >= ALL_REWARDS_FROM ? minted : (minted * freed) / (genesis.stake * BigInt(PARTS))
    const transfers = released(id)
    return { method, total: transfers + validators + rewards, validators, transfers, rewards }
  }
}

/** How many of the daily parts are freed after so long. A part is free from its day's first millisecond. */
function toParts(sinceGenesis: Ms): number {
  const days = Math.floor(sinceGenesis / DAY)
  return Math.min(PARTS, Math.max(0, days - FIRST_DAY + 1))
}

/** Sums by era, made once: a recompute asks for every era. */
function sumUp(list: readonly { readonly era: number; readonly motes: Motes }[]): (era: number) => Motes {
  let sum = 0n
  const sums = list
    .toSorted((a, b) => a.era - b.era)
    .map(({ era, motes }) => {
      sum += motes
      return { era, sum }
    })
  return (id) => sums.findLast(({ era }) => era <= id)?.sum ?? 0n
}
