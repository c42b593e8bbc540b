import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { access, constants, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Debian keeps the server in /usr/sbin, which is not on the PATH of an ordinary user. */
const EXTRA_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin', '/usr/libexec']

/** The redo log takes its full size on the disk at once; MariaDB's own default of 96 MB is wasted on one chain. */
export const REDO_LOG_SIZE = '32M'

const TEMPORARY = 'tmp'

/**
 * Makes `dataDir` a MariaDB data directory unless it is one already.
 * The files are made beside it and renamed into place, so that a start killed half way leaves nothing that
 * looks finished.
 *
 * @returns the real path, as the server will be told it
 * @throws Error in one sentence when the directory holds something else, or MariaDB is not installed
 */
export async function installMariaDb(dataDir: string, log: (line: string) => void): Promise<string> {
  const wanted = resolve(dataDir)
  await mkdir(dirname(wanted), { recursive: true })
  const target = join(await realpath(dirname(wanted)), basename(wanted))

  await removeUnfinished(target)
  const entries = await listed(target)
  if (entries.includes('mysql')) return realpath(target)
  if (entries.length > 0) {
    throw new Error(`${target} is neither empty nor a MariaDB data directory: give another one, or empty it.`)
  }

  const fresh = `${target}.new-${process.pid}`
  log(`making a MariaDB data directory in ${target}`)
  try {
    await makeSystemTables(fresh)
    await rename(fresh, target)
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true })
    // Another start won the race: its directory is as good as ours.
    if (!(await listed(target)).includes('mysql')) throw cause
  }
  return realpath(target)
}

/** @returns the path of the first of `names` that can be run */
export async function findProgram(...names: string[]): Promise<string | undefined> {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_DIRECTORIES]
  for (const name of names) {
    for (const directory of directories) {
      if (directory === '') continue
      const path = join(directory, name)
      if (await runnable(path)) return path
    }
  }
  return undefined
}

/** @returns the server's path; real MySQL is refused since it is initialised in another way */
export async function findMariaDbServer(): Promise<string> {
  const path = await findProgram('mariadbd', 'mysqld')
  if (path === undefined) {
    throw new Error(
      'MariaDB is not installed: no mariadbd on the PATH or in /usr/sbin (Debian: mariadb-server).',
    )
  }
  const { stdout } = await run(path, ['--version'])
  if (!stdout.includes('MariaDB')) throw new Error(`${path} is not MariaDB: ${stdout.trim()}`)
  return path
}

/** As root the server refuses to start without being told a user; anyone else may not name one. */
export function userArguments(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

/**
 * A directory for temporary tables of the server's own. In a shared one, as /tmp is, a server that starts removes
 * whatever is named `#sql…`: another one's temporary tables, under its running statement.
 */
export async function temporaryArguments(dataDir: string): Promise<string[]> {
  const directory = join(dataDir, TEMPORARY)
  await mkdir(directory, { recursive: true })
  return [`--tmpdir=${directory}`, `--ignore-db-dirs=${TEMPORARY}`]
}

async function makeSystemTables(directory: string): Promise<void> {
  const installer = await findProgram('mariadb-install-db', 'mysql_install_db')
  if (installer === undefined) {
    throw new Error('MariaDB is not whole: there is no mariadb-install-db (Debian: mariadb-server).')
  }
  try {
    await run(installer, [
      '--no-defaults',
      `--datadir=${directory}`,
      ...(await temporaryArguments(directory)),
      ...userArguments(),
      // The administrator is whoever runs this, known by the socket: no password lies anywhere.
      '--auth-root-authentication-method=socket',
      `--auth-root-socket-user=${userInfo().username}`,
      '--skip-test-db',
      '--skip-name-resolve',
      `--innodb-log-file-size=${REDO_LOG_SIZE}`,
    ])
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /error|cannot|can't|denied/i.test(line))
    throw new Error(`mariadb-install-db failed for ${directory}: ${lines.slice(0, 3).join(' ')}`, { cause })
  }
}

/** Clears what killed starts left; the directory of a start that is still busy stays. */
async function removeUnfinished(target: string): Promise<void> {
  const prefix = `${basename(target)}.new-`
  for (const name of await listed(dirname(target))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length))
    if (pid !== process.pid && isAlive(pid)) continue
    await rm(join(dirname(target), name), { recursive: true, force: true })
  }
}

/** Whether a process runs; one that has ended and was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    // The state follows the name, which is in parentheses and may hold anything (proc(5)).
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

async function listed(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
