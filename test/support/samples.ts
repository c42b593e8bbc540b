import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../crawler/node/json.ts'

/*
 * Real answers of public networks, collected beside the checkout and not in it. Their index tells of each file where it is
 * from and what of it was recomputed.
 */
export const SAMPLES = join(import.meta.dirname, '../../../shared/casper-data')
export const hasSamples = existsSync(join(SAMPLES, 'INDEX.md'))
if (!hasSamples) console.warn(`Real samples are not tried: there is no ${SAMPLES}`)

export interface Sample {
  readonly file: string
  /** The folder that it lies in: a method of the nodes', mostly. */
  readonly kind: string
  /** `block ok, body NO`, as the index says it. */
  readonly check: string
}

/** Every file of the index; a folder of it as its files. */
export function readIndex(): Sample[] {
  if (!hasSamples) return []
  const rows = readFileSync(join(SAMPLES, 'INDEX.md'), 'utf8').matchAll(/^\| `([^`]+)`(.*)$/gm)
  return [...rows].flatMap(([, path = '', rest = '']) => {
    const isFolder = path.endsWith('/')
    const cells = rest.split('|').map((cell) => cell.trim())
    const check = (isFolder ? cells[3] : cells[6]) ?? ''
    const files = isFolder ? globSync(`${path}*`, { cwd: SAMPLES }).sort() : [path]
    return files.map((file) => ({ file, kind: toKind(file), check: isFolder ? 'block ok, body ok' : check }))
  })
}

function toKind(file: string): string {
  const parts = file.split('/')
  return /chainspec\//.test(file)
    ? (parts.at(-1) as string)
    : ((parts.length > 3 ? parts[2] : parts.at(-1)) as string)
}

export const readSample = (file: string): string => readFileSync(join(SAMPLES, file), 'utf8')

/** The node's answer in a file: its authors kept it bare, in its envelope or in one of their own. */
export function readAnswer(file: string): Record<string, unknown> {
  const json = parseJson(readSample(file)) as Record<string, Record<string, unknown>>
  return json.result ?? json.data ?? json
}
