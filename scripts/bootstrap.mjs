// The door of `npm start` and `npm test`: plain JavaScript for the machine's own Node (20 or later). It installs the
// packages where they are missing or no longer those of the lock file, and runs the given script under the Node 24
// that comes with them on x64 Linux (TypeScript as it is), or under the machine's own where that is new enough.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const [script, ...args] = process.argv.slice(2)

/** node_modules carries the digest of the lock file that it was made from. */
const stamp = join(root, 'node_modules', '.casper-metrics-lock')
const digest = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
  console.log('Installing npm packages (about a minute the first time)')
  // No install script is needed: every binary is a package of its own.
  const npm = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync(npm[0], npm.slice(1), { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    console.error('npm ci failed: see its message above')
    process.exit(1)
  }
  writeFileSync(stamp, digest)
}

/** Erasable TypeScript runs without a flag from Node 22.18 on. */
function isRecent(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}
const bundled = join(bin, 'node')
const node = existsSync(bundled) ? bundled : isRecent(process.versions.node) ? process.execPath : null
if (node === null) {
  // Packages bring one for x64 Linux with glibc alone; and `npm ci --omit=optional` leaves it out.
  console.error(
    `Node ${process.versions.node} is too old, and npm brought no other for ${process.platform} ${process.arch}: install Node 24 and start again.`,
  )
  process.exit(1)
}

const child = spawn(node, [join(root, script), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
})
// A terminal sends Ctrl-C to the child as well; a second notice does no harm there.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm that is killed outright cannot tell us: being adopted by another process means that it is gone.
const parent = process.ppid
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref()
child.on('exit', (code, signal) =>
  process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1)),
)
