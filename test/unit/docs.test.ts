import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { endpoints } from '../../src/api/endpoints.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = [
  ...globSync('docs/*.md', { cwd: root }),
  'README.md',
  'CONTRIBUTING.md',
  'crawler/devnet/README.md',
]

test('docs/configuration.md names every setting of every part', () => {
  const page = read('docs/configuration.md')
  const parts = [
    'src/config.ts',
    'crawler/config.ts',
    'crawler/peers/config.ts',
    'crawler/sql-gateway/config.ts',
  ]
  for (const file of parts) {
    const names = [...read(file).matchAll(/^\s+([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
    expect(names.length, file).toBeGreaterThan(3)
    for (const name of names) expect(page, `${file}: ${name}`).toContain(`\`${name}\``)
  }
})

test.each(pages)('%s speaks of files and npm scripts that exist', (page) => {
  const text = read(page)
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
  for (const [, name] of text.matchAll(/npm run ([a-z:-]+)/g)) expect(scripts).toContain(name)
  for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)) {
    expect(existsSync(join(root, dirname(page), link)), link).toBe(true)
  }
  for (const [, path = ''] of text.matchAll(
    /`((?:src|crawler|site|test|scripts|loadtest|migrations)\/[\w./-]+)`/g,
  )) {
    expect(existsSync(join(root, path)), path).toBe(true)
  }
})

test('nothing in the repository speaks of registries or machine paths', () => {
  const files = globSync('{src,crawler,site,test,scripts,loadtest,docs}/**/*.{ts,tsx,md,mjs,css,html}', {
    cwd: root,
  })
  for (const file of [...files, 'README.md', 'package.json', 'package-lock.json', 'wrangler.toml']) {
    if (file.endsWith('docs.test.ts') || !existsSync(join(root, file))) continue
    expect(read(file), file).not.toMatch(/registry\.npmjs|\/work\/|\/root\//)
  }
})

test('docs/v1.md lists every endpoint of /v1', () => {
  const page = read('docs/v1.md')
  const paths = Object.values(endpoints).map(({ path }) => path)
  for (const path of paths.filter((path) => path.startsWith('/v1/'))) expect(page).toContain(`\`${path}\``)
})
