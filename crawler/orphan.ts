/**
 * Under `npm start` (EXIT_WITH_PARENT=1) a part ends when its supervisor is gone: one that was killed outright cannot
 * tell its parts. Being adopted by another process is how that shows.
 */
export function exitWithParent(onGone: () => void): void {
  if (process.env.EXIT_WITH_PARENT !== '1') return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, 1_000).unref()
}
