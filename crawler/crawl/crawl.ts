import type { Network } from '../../src/domain/network.ts'
import type { ChainBlock } from '../decode/block.ts'
import { type Log, toReason } from '../log.ts'
import type { CasperNode } from '../node/node.ts'
import { NodeUnavailableError } from '../node/rpc.ts'
import type { SystemContracts } from '../project/kind.ts'
import { project, type State, toState } from '../project/project.ts'
import { VerifyFault, verifyParent } from '../verify/verify.ts'
import { Committer } from './committer.ts'
import { fetchBlock, fetchRest } from './fetch.ts'
import { findFirst, toFirstState, toNetwork } from './first.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import { prefetch } from './prefetch.ts'
import { Pulse } from './pulse.ts'

/** The node and the store are of different chains: going on would mix them. Ends the program. */
export class WrongChainError extends Error {
  override readonly name = 'WrongChainError'
}

/**
 * Follows the chain until `signal` aborts. The only effects of running this are: commits to the store, a heartbeat
 * there, announcements after commits, and log lines. Any failure but a wrong chain is waited out: the next try begins
 * from what the store then holds, so that a commit of unknown outcome is never guessed about.
 */
export async function crawl(options: CrawlOptions, ports: CrawlPorts, signal: AbortSignal): Promise<void> {
  const { nodes, store, clock, wake } = ports
  const pulse = new Pulse(store, clock)
  let failures = 0
  let hasRun = false
  for (let attempt = 0; !signal.aborted; attempt++) {
    const node = nodes[attempt % nodes.length] as CasperNode
    try {
      await follow(options, ports, node, pulse, signal, () => {
        failures = 0
        hasRun = true
      })
      return
    } catch (error) {
      if (signal.aborted) return
      // Once blocks were accepted, or while others may know better, a node of another chain is only a bad node.
      if (error instanceof WrongChainError && !hasRun && failures >= nodes.length - 1) throw error
      await pulse.ail(tell(ports.log, node, error))
      const patience =
        error instanceof NodeUnavailableError && error.retryAfter !== null ? error.retryAfter * 1000 : 0
      await wake.sleep(Math.max(patience, toPause(failures++)), signal)
    }
  }
}

/** Logs what went wrong with a node. @returns it in a few words */
function tell(log: Log, node: CasperNode, error: unknown): string {
  const facts = { node: new URL(node.rpc.url).host, reason: toReason(error) }
  if (!(error instanceof VerifyFault)) {
    log.warn('trying again', facts)
    return facts.reason
  }
  const { code, height, expected, got } = error
  log.error('block refused', { ...facts, code, height, expected, got })
  return `block ${height} refused (${code})`
}

/** 0.2 s, doubled up to 15 s, and a random half on top so that crawlers do not fall into step. */
function toPause(failures: number): number {
  return Math.min(200 * 2 ** failures, 15_000) * (1 + Math.random() / 2)
}

/** One unbroken run against one node, from the store's checkpoint on. Returns when stopped or at `stopAt`. */
async function follow(
  options: CrawlOptions,
  ports: CrawlPorts,
  node: CasperNode,
  pulse: Pulse,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const { store, log, wake } = ports
  const [resume, status] = await Promise.all([store.readResume(), node.readStatus(signal)])
  const first = resume ? null : await findFirst(node, options.startHeight, signal)
  const network = resume?.network ?? toNetwork(first, status.network)
  await checkSameChain(node, network, status.network, resume !== null, signal)
  const system = await findSystemContracts(node, [network.firstHeight, status.height], signal)
  if (system.totalSupply === null)
    log.warn('total supply absent', { reason: 'the node does not show its registry' })

  let state: State = resume ? toState(resume) : await toFirstState(node, first, system.totalSupply, signal)
  pulse.see(status)
  while (!signal.aborted) {
    const next = state.lastBlock ? state.lastBlock.height + 1 : network.firstHeight
    if (options.stopAt !== undefined && next > options.stopAt) return
    await pulse.beat()
    if (next > pulse.tip) {
      await wake.sleep(options.pollMs, signal)
      if (!signal.aborted) pulse.see(await node.readStatus(signal))
      continue
    }
    const to = Math.min(pulse.tip, next + RUN - 1, options.stopAt ?? pulse.tip)
    state = await run(options, ports, node, { network, system, state, from: next, to, pulse }, signal)
    onProgress()
  }
}

/** Heights between two looks at the tip. */
const RUN = 2_000

interface Run {
  readonly network: Network
  readonly system: SystemContracts
  readonly state: State
  readonly from: number
  readonly to: number
  readonly pulse: Pulse
}

/** Fetches, verifies, projects and commits a run of heights. Returns the state after the last commit. */
async function run(
  options: CrawlOptions,
  ports: CrawlPorts,
  node: CasperNode,
  run: Run,
  signal: AbortSignal,
): Promise<State> {
  const { network, system, from, to, pulse } = run
  const { log } = ports
  const first = run.state.lastBlock === null ? from : -1
  const committer = new Committer(options, ports, network, pulse)
  let state = run.state
  // Each block is checked against the one before as soon as both are here, before anything else is asked of it.
  const blocks = new Map<number, Promise<ChainBlock>>()
  const fetch = async (height: number, inner: AbortSignal) => {
    const own = fetchBlock(node, height, inner)
    blocks.set(height, own)
    const parent = blocks.get(height - 1)
    blocks.delete(height - 2)
    const [block, parentHash] = await Promise.all([
      own,
      parent ? parent.then(({ hash }) => hash) : run.state.lastBlock?.hash,
    ])
    if (parentHash !== undefined) verifyParent(block, parentHash)
    return fetchRest(node, block, system, height === first, onAbsent(log), inner)
  }

  try {
    for await (const height of prefetch(from, to, options.ahead, fetch, signal)) {
      const projected = project(state, height, network.name, system)
      state = projected.state
      await committer.add(projected.rows)
      const { id: era, supplyAdjustment } = projected.rows.era
      if (supplyAdjustment !== 0n)
        log.warn('supply adjusted outside blocks', { era, motes: `${supplyAdjustment}` })
      if (signal.aborted) break
    }
    await committer.finish()
  } finally {
    await committer.settle()
  }
  return state
}

function onAbsent(log: Log) {
  return (figure: string, height: number, reason: string) =>
    log.warn('figure absent', { figure, height, reason })
}

/** The node must be of the store's network and hold its first block. */
async function checkSameChain(
  node: CasperNode,
  network: Network,
  name: string,
  isStored: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (!isStored) return
  if (name !== network.name) {
    throw new WrongChainError(
      `The store holds the chain ${network.name}, the node is of ${name}: use another DATABASE_URL or DATA_DIR`,
    )
  }
  const first = await fetchBlock(node, network.firstHeight, signal)
  if (first.hash !== network.genesisHash) {
    throw new WrongChainError(
      `The store holds a chain ${network.name} that began with block ${network.genesisHash}, the node has ${first.hash} there: use another DATABASE_URL or DATA_DIR`,
    )
  }
}

/** A registry that is not to be had at one height (before 1.5.0, or pruned) may be at another: it never changes. */
async function findSystemContracts(
  node: CasperNode,
  heights: readonly number[],
  signal: AbortSignal,
): Promise<SystemContracts> {
  let found: SystemContracts = { auction: null, totalSupply: null }
  for (const height of heights) {
    if (found.totalSupply === null) found = await node.readSystemContracts(height, signal)
  }
  return found
}
