import { z } from 'zod'

/** A setting that is missing or wrong: one sentence that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Env = Readonly<Record<string, string | undefined>>

/** Texts between commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** Names of settings whose value is a secret or may hold one, as a URL does. */
const SECRET = /URL|NODES|EVENTS|TOKEN|KEY|PASSWORD/

/**
 * Settings out of an environment, whose empty values count as none.
 * @throws {ConfigError} names the setting, what is allowed and, where it is no secret, what was given
 */
export function parseSettings<T extends z.ZodType>(schema: T, env: Env): z.output<T> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0] ?? 'configuration')
  if (!(name in given)) throw new ConfigError(`${name} is not set`)
  const got = SECRET.test(name) ? '' : `, not ${JSON.stringify(given[name])}`
  throw new ConfigError(`${name}: ${issue?.message}${got}`)
}
