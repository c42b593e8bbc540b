import { existsSync } from 'node:fs'
import { ConfigError, parseConfig } from '../src/config.ts'

/*
 * Runs before wrangler in `npm run edge`: a worker that ends over a setting is told by wrangler with two stacks and the name
 * of a log file. Ends with one sentence and the exit code that the edge under Deno has for it.
 */

/** Wrangler reads settings out of these as well: then the worker judges by itself. */
const isElsewhere = ['.dev.vars', '.env'].some((file) => existsSync(file))

try {
  if (!isElsewhere) parseConfig(process.env)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
