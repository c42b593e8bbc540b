import { runCli } from './cli/cli.ts'
import { CommandError, EXIT, UsageError } from './cli/command.ts'
import { COMMANDS } from './cli/commands.ts'
import { WrongChainError } from './crawl/chain-check.ts'
import { toReason } from './log.ts'
import { ConfigError } from './settings.ts'
import { UndeclaredValidatorsError } from './verify/trust.ts'

/* The crawler's program: `node crawler/main.ts [COMMAND]`; see `cli/commands.ts`. */

/*
 * One thread for signatures, read when the first is checked. To wake an idle thread costs as much as a signature does, which
 * with the usual four is paid for each; a hundred of them, a switch block of mainnet, take one thread 15 ms.
 */
process.env.UV_THREADPOOL_SIZE ??= '1'

const SAID = [ConfigError, WrongChainError, UndeclaredValidatorsError, CommandError, UsageError]

try {
  process.exitCode = await runCli(COMMANDS, process.argv.slice(2), {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  })
} catch (error) {
  const isSaid = SAID.some((kind) => error instanceof kind)
  process.stderr.write(`${isSaid ? (error as Error).message : toReason(error)}\n`)
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.failed
}
