import { findChain } from '../chains/chains.ts'
import { NoNodeError } from '../node/pool/contract.ts'
import { type State, toState } from '../project/project.ts'
import { createTrust } from '../verify/trust.ts'
import { restoreValidatorSet } from '../verify/validator-set.ts'
import { VerifyFault } from '../verify/verify.ts'
import type { Care } from './care.ts'
import { checkSameChain, findSystemContracts, toWrongChain } from './chain-check.ts'
import { type First, findFirst, toFirstState, toNetwork } from './first.ts'
import { settleFork } from './fork.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import type { Pulse } from './pulse.ts'
import { runHeights } from './run.ts'

/** Heights between two looks at the tip. */
const RUN = 2_000

/** What an unbroken run keeps over the runs after it. */
export interface Lasting {
  readonly pulse: Pulse
  readonly care: Care
  /** What went wrong before is over: blocks were accepted, or it was settled who is right. */
  onProgress(): void
}

/** One unbroken run, from the store's checkpoint on. Returns when stopped or at `stopAt`. */
export async function follow(
  options: CrawlOptions,
  ports: CrawlPorts,
  { pulse, care, onProgress }: Lasting,
  signal: AbortSignal,
): Promise<void> {
  const { store, pool, log, wake } = ports
  const resume = await store.readResume()
  if (resume) pool.setNetwork(resume.network.name)
  const tip = await pool.look(signal).catch((error: unknown) => {
    throw resume && error instanceof NoNodeError && error.isOtherNetwork
      ? toWrongChain(error, resume.network.name)
      : error
  })
  const first = resume ? null : await findFirst(pool, options.startHeight, signal)
  const network = resume?.network ?? toNetwork(first as First, tip.network)
  pool.setNetwork(network.name)
  if (resume) await checkSameChain(pool, network, signal)
  const system = await findSystemContracts(pool, [network.firstHeight, tip.height], signal)
  if (system.totalSupply === null) log.warn('total supply absent', { reason: 'no node shows its registry' })

  const trust = createTrust({
    network: network.name,
    chain: findChain(network.name),
    parent: resume?.checkpoint ?? null,
    set: resume ? restoreValidatorSet(resume.eraValidators) : null,
  })
  if (trust.anchor === 'first-use')
    log.warn('chain believed on first use', { network: network.name, genesis: network.genesisHash })
  if (first?.before) await trust.check(first.before, { isTip: false })

  let state: State = resume
    ? toState(resume)
    : await toFirstState(pool, first as First, system.totalSupply, signal)
  pulse.see(tip)
  while (!signal.aborted) {
    const next = state.lastBlock ? state.lastBlock.height + 1 : network.firstHeight
    if (options.stopAt !== undefined && next > options.stopAt) return
    await pulse.beat()
    if (next > pulse.tip) {
      await wake.sleep(options.pollMs, signal)
      if (!signal.aborted) pulse.see(await pool.look(signal))
      continue
    }
    const to = Math.min(pulse.tip, next + RUN - 1, options.stopAt ?? pulse.tip)
    try {
      const run = { network, system, trust, state, from: next, to, pulse }
      state = await runHeights(care.apply(options, next), ports, run, signal)
    } catch (error) {
      if (error instanceof VerifyFault) {
        care.take(error.height)
        if (error.code === 'PARENT_HASH' && (await settleFork(options, ports, signal))) onProgress()
      }
      throw error
    }
    onProgress()
  }
}
