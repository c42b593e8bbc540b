import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'"]*?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

interface Import {
  readonly file: string
  /** Path from the root for our own files, the package's name for others. */
  readonly target: string
  /** `import type` is erased: it ties nothing together at run time. */
  readonly isType: boolean
}

function readImports(folder: string): Import[] {
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return [...text.matchAll(IMPORT)].map((match) => {
      const name = match[1] ?? match[2] ?? ''
      const target = name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name
      return { file, target, isType: /(?:import|export)\s+type\b/.test(match[0]) }
    })
  })
}

const imports = ['src', 'crawler', 'site', 'loadtest'].flatMap(readImports)

/** Folders of `src`, lowest first, with what each may import beside itself and the domain. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/lib': ['src/api', 'src/cache'],
  'src/api': [],
  'src/store': ['src/api', 'src/lib', 'src/ports.ts'],
  'src/cache': ['src/api', 'src/lib', 'src/ports.ts'],
  'src/limit': ['src/api', 'src/lib', 'src/ports.ts'],
  'src/read': ['src/api', 'src/cache', 'src/store', 'src/lib', 'src/ports.ts'],
  'src/middleware': [
    'src/api',
    'src/cache',
    'src/limit',
    'src/store',
    'src/lib',
    'src/ports.ts',
    'src/config.ts',
  ],
  'src/routes': [
    'src/api',
    'src/cache',
    'src/read',
    'src/store',
    'src/lib',
    'src/middleware',
    'src/ports.ts',
    'src/config.ts',
  ],
  'src/platform': [
    'src/app.ts',
    'src/api',
    'src/cache',
    'src/limit',
    'src/store',
    'src/lib',
    'src/ports.ts',
    'src/config.ts',
  ],
  crawler: ['src/store', 'src/api', 'src/lib', 'src/ports.ts', 'src/domain'],
  site: ['src/api'],
  loadtest: ['src/api'],
}

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  test(`${folder} imports nothing that stands above it`, () => {
    const legal = [folder, 'src/domain', ...allowed]
    const wrong = imports
      .filter(
        ({ file, target }) =>
          within(file, folder) && /^(src|crawler|site|loadtest|scripts|test)\//.test(target),
      )
      .filter(({ target }) => !legal.some((place) => within(target, place)))
    expect(wrong).toEqual([])
  })
}

/** A package or global has one place that names it. */
const ONLY_IN: readonly [pattern: RegExp, places: readonly string[]][] = [
  [/^drizzle-orm/, ['src/store']],
  [/^@planetscale\/database/, ['src/store']],
  [/^mysql2/, ['src/store', 'crawler/sql-gateway']],
  [/^hono/, ['src/routes', 'src/middleware', 'src/app.ts']],
  [/^casper-js-sdk/, ['crawler/decode', 'crawler/verify']],
  [/^mmdb-lib/, ['crawler/peers/locations.ts']],
  [/^(preact|@preact\/signals)/, ['site']],
]

for (const [pattern, places] of ONLY_IN) {
  test(`only ${places.join(', ')} names ${pattern.source}`, () => {
    const wrong = imports.filter(
      ({ file, target }) => pattern.test(target) && !places.some((place) => within(file, place)),
    )
    expect(wrong).toEqual([])
  })
}

test('each chart or map library has one file that imports it', () => {
  for (const name of ['frappe-charts', 'leaflet']) {
    const files = new Set(
      imports.filter(({ target, isType }) => target === name && !isType).map(({ file }) => file),
    )
    expect(files.size, name).toBeLessThanOrEqual(1)
  }
})

test('the domain and the API contract do no input or output and know no clock', () => {
  for (const file of globSync('src/{domain,api}/**/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    expect(text, file).not.toMatch(
      /\bDate\.now\(|new Date\(\)|\bfetch\(|\bprocess\.|\bsetTimeout\(|Math\.random\(/,
    )
  }
})

test('only the Deno adapter names Deno, only the Cloudflare adapter its globals', () => {
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    if (!within(file, 'src/platform/deno')) expect(code, file).not.toMatch(/\bDeno\.\w/)
    if (!within(file, 'src/platform/cloudflare')) {
      expect(code, file).not.toMatch(
        /\bcaches\.(default|open)|\bKVNamespace\b|cloudflare:workers|\bExecutionContext\b/,
      )
    }
  }
})

test('no import goes round in a circle', () => {
  const edges = new Map<string, string[]>()
  for (const { file, target, isType } of imports) {
    if (!isType && /\.(ts|tsx)$/.test(target)) edges.set(file, [...(edges.get(file) ?? []), target])
  }
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (path.includes(file) || done.has(file)) return
    for (const target of edges.get(file) ?? []) walk(target, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) walk(file, [])
  expect(circles).toEqual([])
})
