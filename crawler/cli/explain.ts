import { StoreQueryError } from '../../src/store/errors.ts'
import { CommandError } from './command.ts'

/** A missing table or column: a store before its migrations. */
const BEHIND = new Set([1054, 1146])

/** Says what to do where an operator can do something. @throws always */
export function explain(error: unknown): never {
  if (error instanceof StoreQueryError && BEHIND.has(error.errno ?? 0)) {
    throw new CommandError('The store is older than this crawler: run "npm run migrate" first.')
  }
  throw error
}
