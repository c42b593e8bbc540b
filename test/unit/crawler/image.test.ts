import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

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
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
  sources.split(' '),
)
const ignored = read('.dockerignore')
  .split('\n')
  .filter((line) => /^[^#*!]/.test(line))
const kept = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path)
const isWithin = (file: string, folder: string) => file === folder || file.startsWith(`${folder}/`)
const isInside = (file: string) =>
  [copied, kept].every((list) => list.some((folder) => isWithin(file, folder))) &&
  !ignored.some((folder) => isWithin(file, folder))

describe('the crawler’s image', () => {
  test.each([
    ['crawler/main.ts', 60],
    ['crawler/sql-gateway/main.ts', 10],
    ['crawler/migrate.ts', 2],
  ])('holds every file and package that %s loads', (entry, least) => {
    const { files, packages } = toClosure([entry])
    expect(files.size).toBeGreaterThan(least)
    expect([...files].filter((file) => !isInside(file))).toEqual([])
    const { dependencies } = JSON.parse(read('package.json'))
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([])
  })

  test('holds the migrations, which are read when they run', () => {
    for (const { tag } of JSON.parse(read('migrations/meta/_journal.json')).entries) {
      expect(isInside(`migrations/${tag}.sql`)).toBe(true)
    }
    expect(isInside('migrations/meta/_journal.json')).toBe(true)
  })

  test('leaves out what no process of it loads: recordings, tests, the site', () => {
    for (const file of [
      'crawler/devnet/main.ts',
      'test/support/chain.ts',
      'site/main.tsx',
      '.git/config',
      '.env',
    ]) {
      expect(isInside(file), file).toBe(false)
    }
  })

  test('starts with the heap that npm run crawl has, by a user that is not root, from an exact base', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const command = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]').join(' ')
    expect(scripts.crawl).toBe(`exec ${command}`)
    expect(dockerfile).toMatch(/^USER (?!root|0)\w+$/m)
    expect(dockerfile).toMatch(/^ARG BASE=node:\d+\.\d+\.\d+-[\w.-]+/m)
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m)
  })
})
