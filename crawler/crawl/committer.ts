import type { Network } from '../../src/domain/network.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Rows } from '../project/project.ts'
import { Batch } from './batch.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import type { Pulse } from './pulse.ts'

/** Blocks of a run's first commit, doubled from one to the next: a short run would else write all at its end, and only then. */
const FIRST_BLOCKS = 125
/** A catch-up that is slow shows its progress at least so often. */
const LONGEST: Ms = 1_000

/**
 * Collects heights and commits them in order, one transaction at a time, while the next heights are fetched and
 * projected. A commit that fails is thrown at the next call: nothing is committed after it.
 */
export class Committer {
  private readonly options: CrawlOptions
  private readonly ports: CrawlPorts
  private readonly network: Network
  private readonly pulse: Pulse
  private batch = new Batch()
  private mostBlocks: number
  private began: Ms
  private running: Promise<void> = Promise.resolve()

  constructor(options: CrawlOptions, ports: CrawlPorts, network: Network, pulse: Pulse) {
    this.options = options
    this.ports = ports
    this.network = network
    this.pulse = pulse
    this.began = ports.steady.now()
    this.mostBlocks = Math.min(FIRST_BLOCKS, options.maxBlocks)
  }

  /** Whether a height would end the commit that it goes into. */
  isLast(rows: Rows): boolean {
    const isLong = this.ports.steady.now() - this.began > LONGEST
    return isLong || this.batch.isFilledBy(rows, this.mostBlocks, this.options.maxRows)
  }

  /** @param isLast commits it with all that was added before */
  async add(rows: Rows, isLast: boolean): Promise<void> {
    this.batch.add(rows)
    if (isLast) await this.start()
  }

  /** Resolves when what was handed over is committed. */
  async finish(): Promise<void> {
    await this.running
  }

  /** Resolves when no commit is under way, however it ended: nobody may close or read the store in the middle of one. */
  async settle(): Promise<void> {
    await this.running.catch(() => {})
  }

  /** Hands the batch over as soon as the commit before it is done. */
  private async start(): Promise<void> {
    const { batch } = this
    this.batch = new Batch()
    this.mostBlocks = Math.min(2 * this.mostBlocks, this.options.maxBlocks)
    this.began = this.ports.steady.now()
    await this.running
    this.running = this.commit(batch)
    // Thrown where it is awaited next; until then it must not count as unhandled.
    this.running.catch(() => {})
  }

  private async commit(batch: Batch): Promise<void> {
    const { store, announce, log } = this.ports
    const change = batch.toChange(this.network)
    if (change === null) return
    await store.commit(change)
    announce(batch.hasSwitch() ? ['block', 'era'] : ['block'])
    const { height, eraId: era } = change.checkpoint
    log.info('committed', { height, blocks: batch.blocks, tip: this.pulse.tip, era })
    await this.pulse.beat()
  }
}
