import { z } from 'zod'
import { isHash } from '../domain/hash.ts'
import { PARTY_FORMS, parseParty } from '../domain/keys.ts'
import { parseMotes } from '../domain/motes.ts'
import { parseTime } from '../domain/time.ts'

/*
 * Query and path parameters arrive as text. Each message says what is allowed; the problem document adds the
 * parameter's name and the offending value.
 */

/** 2^53 - 1 would be no height of any chain; this bounds what reaches the store. */
const MAX_HEIGHT = 4_294_967_295

/** A whole number in decimal digits, within bounds. */
export function integer(min: number, max: number) {
  const allowed = `an integer from ${min} to ${max}`
  return z
    .string()
    .regex(/^-?\d{1,16}$/, allowed)
    .transform(Number)
    .refine((value) => value >= min && value <= max, allowed)
    .meta({ allowed })
}

/** Text through a parser that throws SyntaxError. */
function parsed<T>(allowed: string, parse: (text: string) => T) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: allowed })
        return z.NEVER
      }
    })
    .meta({ allowed })
}

export const height = integer(0, MAX_HEIGHT)
export const eraId = integer(0, MAX_HEIGHT)
export const hash = parsed('64 hex digits', (text) => {
  if (!isHash(text)) throw new SyntaxError(text)
  return text.toLowerCase()
})
export const time = parsed('an RFC 3339 date and time with zone, such as 2026-01-31T12:00:00Z', parseTime)
export const motes = parsed('motes in decimal digits', parseMotes)
export const party = parsed(PARTY_FORMS.join(', '), parseParty)

/** A block as people name it: height, hash or `latest`. */
export const blockId = parsed('a height, a block hash of 64 hex digits, or latest', (text) => {
  if (text === 'latest') return { latest: true } as const
  if (isHash(text)) return { hash: text.toLowerCase() } as const
  return { height: height.parse(text) } as const
})

/** An era: id, `latest` (the last completed one) or `current` (the open one). */
export const eraRef = parsed('an era id, latest (last completed) or current (open)', (text) => {
  if (text === 'latest' || text === 'current') return text
  return eraId.parse(text)
})

export const limit = integer(1, 1000).default(100)
export const order = z.enum(['asc', 'desc']).default('desc').meta({ allowed: 'asc or desc' })
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'a cursor from the `next` member of an earlier answer')
  .meta({ allowed: 'a cursor from the `next` member of an earlier answer' })
export const units = z.enum(['motes', 'cspr']).default('motes').meta({ allowed: 'motes or cspr' })
export const resolution = z.enum(['hour', 'day']).default('hour').meta({ allowed: 'hour or day' })
export const format = z.enum(['json', 'csv']).optional().meta({ allowed: 'json or csv' })
export const fields = z
  .string()
  .regex(/^[A-Za-z0-9_.]+(,[A-Za-z0-9_.]+)*$/, 'names of members, separated by commas')
  .meta({ allowed: 'names of members, separated by commas' })
  .optional()

/** How many of an era's largest transfers: an era's page holds its 200 largest. */
export const topLimit = integer(1, 200).default(20)

/**
 * Number of the compatible endpoints: any finite JavaScript number in text. One that no block or era can have
 * (`1.5`, `-1`) is not refused, it finds nothing, as clients are used to.
 */
export const number = z
  .string()
  .transform((text, context) => {
    const value = parseNumber(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: 'a number' })
    return z.NEVER
  })
  .meta({ allowed: 'a number' })

/** The same without a schema, for the hot path; undefined for what is no number. */
export function parseNumber(text: string): number | undefined {
  const value = Number(text)
  return Number.isFinite(value) && text.trim() !== '' ? value : undefined
}

/** Hash of the compatible endpoints: one that no block can have finds nothing, too. */
export const hashText = z.string().meta({ allowed: 'a block hash of 64 hex digits' })

/** Text of a compatible filter, still to be parsed with the endpoint's fields (`parseFilter`). */
export const filter = z.string().meta({ allowed: 'a filter object as URL-encoded JSON, or in brackets' })
