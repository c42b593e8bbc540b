import { findProgram } from './mariadb-install.ts'

/**
 * The words that start a program which the kernel ends (SIGTERM) when this process dies without a word: MariaDB, npm and
 * wrangler do not look for that themselves. Where setpriv is missing the program stays until somebody else ends it.
 */
export async function withDeathSignal(
  program: string,
  args: readonly string[],
): Promise<[string, ...string[]]> {
  const setpriv = await findProgram('setpriv')
  return setpriv === undefined ? [program, ...args] : [setpriv, '--pdeathsig', 'TERM', program, ...args]
}
