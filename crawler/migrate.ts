import { migrate } from '../src/store/migrate.ts'

/* Brings the database of DATABASE_URL up to the newest schema. Exit code 1 and one sentence when that fails. */

const url = process.env.DATABASE_URL

try {
  if (!url) throw new Error('DATABASE_URL is not set: mysql://user:password@host:3306/database.')
  const { applied } = await migrate(url)
  const what = applied.length === 0 ? 'is up to date' : `has been brought up to ${applied.at(-1)}`
  process.stdout.write(`The store ${what}.\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
