import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'

export interface SmallDisk {
  readonly directory: string
  /** Takes all the room that is left. */
  fill(): Promise<void>
  /** Gives that room back. */
  free(): Promise<void>
}

/** Mounts, and unmounts when its input ends: also when the tests are killed. */
const MOUNT = `
  mount -t tmpfs -o "size=$1,mode=700" tmpfs "$0" && echo mounted && cat
  umount -l "$0"
  rmdir "$0"`

/**
 * A disk of so many megabytes, until the file (or the describe) ends.
 * @returns in words why there is none: only root may mount, and not in every container
 */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | string> {
  const directory = await mkdtemp(join(tmpdir(), 'casper-small-disk-'))
  // A session of its own: Ctrl-C must not end it before it has unmounted.
  const shell = spawn('sh', ['-c', MOUNT, directory, `${megabytes}m`], { detached: true })
  const ended = once(shell, 'close')
  const words = text(shell.stderr)
  const isMounted = await Promise.race([once(shell.stdout, 'data'), ended.then(() => false)])
  if (isMounted === false) return `no small disk can be mounted here: ${(await words).trim()}`
  afterAll(async () => {
    shell.stdin.end()
    await ended
  })
  const ballast = join(directory, 'ballast')
  return {
    directory,
    async fill() {
      const file = await open(ballast, 'w')
      try {
        for (const bytes of [1024 * 1024, 4096])
          await writeUntilFull(file.write.bind(file), Buffer.alloc(bytes))
      } finally {
        await file.close()
      }
    },
    free: () => rm(ballast),
  }
}

async function writeUntilFull(write: (bytes: Buffer) => Promise<unknown>, bytes: Buffer): Promise<void> {
  for (;;) {
    try {
      await write(bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
      throw error
    }
  }
}
