import { CRAWLER_HEAP } from '../../../scripts/parts.ts'
import { type Line, type Program, readUse, startProgram, type Use } from '../programs.ts'

/** The best known for a node on the same machine; the environment's go before them. */
const SETTINGS = { NODE_CONNECTIONS: '8', NODE_PIPELINE: '32', FETCH_AHEAD: '256' }

type Setting = keyof typeof SETTINGS

/** A setting that the crawler is run with, for those who do as it does. */
export function readSetting(name: Setting): number {
  return Number(process.env[name] ?? SETTINGS[name])
}

/** A generated node as a process of its own. */
export interface Node extends Program {
  readonly rpcUrl: string
  readonly eventsUrl: string
  readonly tip: number
}

/** @param options of the generated node's command line, without their dashes */
export async function startNode(options: Readonly<Record<string, string | number>>): Promise<Node> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])
  const program = startProgram('crawler/devnet/generated/main.ts', { args })
  const { rpcUrl = '', eventsUrl = '', tip = 0 } = await program.said(({ rpcUrl }) => rpcUrl !== undefined)
  return { ...program, rpcUrl, eventsUrl, tip }
}

/**
 * The crawler as an operator runs it.
 * CPU_PROF names a folder for a profile of it, made by Node when the crawler ends.
 */
export function startCrawler(
  node: Node,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Program {
  const { CPU_PROF } = process.env
  const profile = CPU_PROF === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${CPU_PROF}`]
  return startProgram('crawler/main.ts', {
    flags: [...CRAWLER_HEAP, ...profile],
    env: {
      ...SETTINGS,
      ...process.env,
      CASPER_NODES: node.rpcUrl,
      DATABASE_URL: databaseUrl,
      LOG_FORMAT: 'json',
      ...env,
    },
  })
}

export interface Processes {
  readonly crawler: Program
  readonly mariadb: { readonly pid: number }
  readonly node: Program
}

export interface Uses {
  readonly crawler: Use
  readonly mariadb: Use
  readonly node: Use
}

export function readUses({ crawler, mariadb, node }: Processes): Uses {
  return { crawler: readUse(crawler.pid), mariadb: readUse(mariadb.pid), node: readUse(node.pid) }
}

/** A commit as the crawler told of it. */
export interface Mark {
  readonly height: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly uses: Uses
}

/** Commits as they come, until one is meant. @returns all of them, the meant one last */
export async function followCommits(
  processes: Processes,
  isMeant: (mark: Mark, line: Line) => boolean,
): Promise<Mark[]> {
  const marks: Mark[] = []
  await processes.crawler.said((line) => {
    if (line.event !== 'committed' || line.height === undefined) return false
    const mark = { height: line.height, time: Date.parse(line.time ?? ''), uses: readUses(processes) }
    marks.push(mark)
    return isMeant(mark, line)
  })
  return marks
}
