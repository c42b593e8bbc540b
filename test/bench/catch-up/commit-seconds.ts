import { freePort } from '../../../scripts/mariadb.ts'

/** How long the crawler's commits took, from its own metrics. */
export interface CommitSeconds {
  /** Settings that make the crawler tell. */
  readonly env: Readonly<Record<string, string>>
  /** Seconds that all commits took together so far. */
  read(): Promise<number>
}

export async function watchCommitSeconds(): Promise<CommitSeconds> {
  const port = await freePort()
  return {
    env: { METRICS_PORT: `${port}` },
    async read() {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^casper_crawler_commit_seconds_sum (\S+)$/m.exec(text)?.[1] ?? Number.NaN)
    },
  }
}
