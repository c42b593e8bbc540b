/** Why a database could not be migrated, in one sentence that may be shown as it is. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION'
  override readonly name = 'MigrationError'
}

/** Where a database URL points, without the password. */
export interface DatabaseAddress {
  readonly host: string
  readonly user: string
  readonly database: string
}

/** @throws {MigrationError} for a URL that names no MySQL database; it never repeats the URL, which holds a password */
export function toDatabaseAddress(url: string): DatabaseAddress {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.protocol !== 'mysql:' || parsed.hostname === '') {
    throw new MigrationError('The database URL must look like mysql://user:password@host:3306/database.')
  }
  const database = decodeURIComponent(parsed.pathname.slice(1))
  if (database === '' || database.includes('/')) {
    throw new MigrationError(
      `The database URL of ${parsed.host} names no database: mysql://user:password@host:3306/database.`,
    )
  }
  return { host: parsed.host, user: decodeURIComponent(parsed.username), database }
}

/** Turns what the driver says into the sentence that helps. */
export function toMigrationError(error: unknown, address: DatabaseAddress): MigrationError {
  if (error instanceof MigrationError) return error
  return new MigrationError(toSentence(error, address), { cause: error })
}

function toSentence(error: unknown, { host, user, database }: DatabaseAddress): string {
  if (!(error instanceof Error)) return `The database "${database}" at ${host} could not be migrated.`
  const { errno = 0, code = '' } = error as { errno?: number; code?: string }
  switch (errno) {
    case 1045:
    case 1698:
      return `The store at ${host} refuses the login of "${user}": check the name and the password.`
    case 1044:
      return `The store at ${host} has no database "${database}" that "${user}" may use, and "${user}" may not create it: have it created or granted.`
    case 1142:
    case 1227:
      return `"${user}" may not change the tables of "${database}" at ${host}: grant CREATE, ALTER and INDEX.`
    default:
  }
  if (/^E[A-Z_]+$/.test(code) && !code.startsWith('ER_')) {
    return `No store answers at ${host} (${code}): check the address, and that it is running.`
  }
  if (error instanceof RangeError) return error.message
  return `The database "${database}" at ${host} could not be migrated: ${error.message}`
}
