import { spawn } from 'node:child_process'
import { findProgram } from './mariadb-install.ts'

export interface DebianPackageOptions {
  /** the program that the packages bring, or its names, the preferred one first */
  command: string | readonly string[]
  packages: readonly string[]
  log: (line: string) => void
}

/**
 * Installs Debian packages by apt-get if the program that they bring is not there yet, as root or through
 * `sudo -n`, which asks no questions.
 *
 * @returns the program's path
 * @throws Error in one sentence that names the packages, when apt is missing, not allowed or fails
 */
export async function ensureDebianPackage(options: DebianPackageOptions): Promise<string> {
  const { packages, log } = options
  const names = typeof options.command === 'string' ? [options.command] : options.command
  const present = await findProgram(...names)
  if (present !== undefined) return present

  const wanted = packages.join(' ')
  const command = names.join(' or ')
  const apt = await findProgram('apt-get')
  if (apt === undefined) {
    throw new Error(`${command} is not installed and this machine has no apt-get: install ${wanted} by hand.`)
  }
  const root = process.getuid?.() === 0
  const sudo = root ? undefined : await findProgram('sudo')
  if (!root && sudo === undefined) {
    throw new Error(`${command} is not installed: run "apt-get install ${wanted}" as root, then start again.`)
  }
  const prefix = sudo === undefined ? [apt] : [sudo, '-n', apt]

  log(`${command} is not installed: installing ${wanted} by apt-get`)
  const install = [...prefix, 'install', '-y', '--no-install-recommends', ...packages]
  let outcome = await run(install)
  if (outcome.code !== 0) {
    // A fresh machine has no package lists, or old ones that name files the mirror has dropped.
    log('apt-get install failed: refreshing the package lists and trying again')
    const update = await run([...prefix, 'update'])
    outcome = update.code === 0 ? await run(install) : update
  }
  if (outcome.code !== 0) {
    const as = root ? 'as root' : 'with sudo'
    throw new Error(
      `apt-get could not install ${wanted}: ${outcome.fault} Run it by hand ${as}, then start again.`,
    )
  }

  const installed = await findProgram(...names)
  if (installed === undefined) throw new Error(`apt-get installed ${wanted}, which brought no ${command}.`)
  return installed
}

interface Outcome {
  code: number
  /** the line that says why, closed by a full stop */
  fault: string
}

function run(words: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(words[0] ?? '', words.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    })
    // The last lines are enough for the reason, however much apt says before.
    let tail = ''
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-4096)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => done({ code: -1, fault: `${error.message}.` }))
    child.once('close', (code) => done({ code: code ?? -1, fault: reason(tail) }))
  })
}

function reason(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const line =
    lines.find((candidate) => /^(E:|sudo:|Err:)/.test(candidate)) ?? lines.at(-1) ?? 'no reason given'
  return `${line.trim().replace(/\.$/, '')}.`
}
