/**
 * Under `npm start` (EXIT_WITH_PARENT: its process) a part ends when its supervisor is gone: one that was killed outright
 * cannot tell its parts. Being adopted by another process is how that shows.
 */
export function exitWithParent(onGone: () => void): void {
  const parent = Number(process.env.EXIT_WITH_PARENT)
  if (!(parent > 0)) return
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, 1_000).unref()
}
