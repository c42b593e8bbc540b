import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Builds the site into dist/site, unless what is there is newer than all that it is made of. */
export async function buildSite(say: (line: string) => void): Promise<void> {
  const built = join(root, 'dist/site/index.html')
  if (existsSync(built) && newest() < statSync(built).mtimeMs) return
  say('Building the site')
  await new Promise<void>((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', 'site:build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let words = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (words += chunk))
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The site could not be built:\n${words}`)),
    )
  })
}

function newest(): number {
  const files = globSync(['site/**/*', 'src/api/**/*', 'src/domain/**/*', 'package-lock.json'], { cwd: root })
  return Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs))
}
