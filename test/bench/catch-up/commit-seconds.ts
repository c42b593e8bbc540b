import { findFreePorts } from '../../../scripts/ports.ts'
import { followCommits, type Mark, type Processes } from './rig.ts'

/** What the crawler's own metrics say of its commits. */
export interface CommitSeconds {
  /** Settings that make the crawler tell. */
  readonly env: Readonly<Record<string, string>>
  /** Commits as they come, until one is meant, with the seconds that each took. */
  follow(processes: Processes, isMeant: (mark: Mark) => boolean): Promise<TimedCommit[]>
}

export interface TimedCommit extends Mark {
  readonly seconds: number
}

export async function watchCommitSeconds(): Promise<CommitSeconds> {
  const [port = 0] = await findFreePorts(1)
  const readSum = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    return Number(/^casper_crawler_commit_seconds_sum (\S+)$/m.exec(text)?.[1] ?? Number.NaN)
  }
  return {
    env: { METRICS_PORT: `${port}` },
    async follow(processes, isMeant) {
      // Asked for as soon as a commit is told of; the next one has hardly begun by then.
      const reads: Promise<number>[] = []
      const marks = await followCommits(processes, (mark) => {
        reads.push(readSum())
        return isMeant(mark)
      })
      const sums = await Promise.all(reads)
      return marks.map((mark, i) => ({ ...mark, seconds: (sums[i] as number) - (sums[i - 1] ?? 0) }))
    },
  }
}
