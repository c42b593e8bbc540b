import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDebianPackage } from './apt.ts'

/*
 * `npm test`: checks (types, lint, format), the site's build, and every suite against real servers. Arguments go to
 * vitest: `npm test -- --project unit`. The last line is the count that CI reads.
 */

interface Check {
  readonly name: string
  readonly command: readonly string[]
}

const CHECKS: readonly Check[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'typecheck'] },
  { name: 'lint and format', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'site build', command: ['npm', 'run', '--silent', 'site:build'] },
]

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

const log = (line: string) => console.log(line)
await ensureDebianPackage({ command: 'mariadbd', packages: ['mariadb-server'], log })
await ensureDebianPackage({ command: 'chromium', packages: ['chromium', 'fonts-dejavu-core'], log })

let passed = 0
let failed = 0
for (const { name, command } of CHECKS) {
  const [program = '', ...args] = command
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status === 0) passed++
  else {
    failed++
    log(`FAILED ${name}\n${stdout}${stderr}`)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'casper-metrics-test-'))
const file = join(folder, 'report.json')
const given = process.argv.slice(2)
const { status } = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...given],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)
if (existsSync(file)) {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file that fails to load has no tests to count: it counts as one failure itself.
  failed += report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length
}
if (status !== 0 && failed === 0) failed = 1
rmSync(folder, { recursive: true, force: true })

log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
