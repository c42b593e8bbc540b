import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

/** A checkout whose packages are installed, and bring no Node, as on arm64. */
const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'scripts'))
mkdirSync(join(folder, 'node_modules'))
copyFileSync(
  join(import.meta.dirname, '../../../scripts/bootstrap.mjs'),
  join(folder, 'scripts/bootstrap.mjs'),
)
writeFileSync(join(folder, 'package-lock.json'), '{}')
writeFileSync(
  join(folder, 'node_modules/.casper-metrics-lock'),
  createHash('sha256').update('{}').digest('hex'),
)
writeFileSync(join(folder, 'scripts/said.ts'), "const word: string = 'ran'\nconsole.log(word)\n")

/** The door, under a Node that says it is of this version. */
function start(version: string) {
  const disguise = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`
  const args = ['--import', `data:text/javascript,${disguise}`, 'scripts/bootstrap.mjs', 'scripts/said.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('without a Node from npm the machine’s own is taken where it is new enough', () => {
  expect(start('24.0.0')).toEqual({ status: 0, stdout: 'ran\n', stderr: '' })
  expect(start('22.18.0')).toMatchObject({ status: 0, stdout: 'ran\n' })
})

test.each(['20.19.2', '22.17.1'])(
  'Node %s alone is refused in one sentence that says what to do',
  (version) => {
    expect(start(version)).toEqual({
      status: 1,
      stdout: '',
      stderr: `Node ${version} is too old, and npm brought no other for ${process.platform} ${process.arch}: install Node 24 and start again.\n`,
    })
  },
)
