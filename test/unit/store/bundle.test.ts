import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"]*?['"]([^'"]+)['"]/g

/** Everything that a file brings along at run time, our own files followed. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, type, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (type !== undefined) continue
    if (name.startsWith('.')) reach(join(dirname(file), name), seen)
    else seen.add(name)
  }
  return seen
}

test('the reading path needs neither mysql2 nor Node: it goes into the worker', () => {
  const found = new Set(
    ['reader.ts', 'planetscale.ts', 'errors.ts'].flatMap((name) => [...reach(join(root, 'src/store', name))]),
  )
  const packages = [...found].filter((name) => !name.startsWith('/'))
  expect(packages).toContain('drizzle-orm/mysql-core')
  expect(packages.filter((name) => /^node:|mysql2/.test(name))).toEqual([])
  for (const file of found) {
    if (file.startsWith('/')) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\b(Buffer|process)\.\w/)
  }
})
