import { nothingStored } from '../api/problem.ts'
import type { Found } from '../cache/cache.ts'
import type { Tip } from '../ports.ts'
import { type Head, readHead } from './head.ts'
import type { ReadPorts } from './ports.ts'

/** The head with the tip that lists are as of. @throws {ProblemError} before the first commit */
export async function readTip(ports: ReadPorts): Promise<{ head: Found<Head>; tip: Tip }> {
  const head = await readHead(ports)
  const { tip } = head.value.head
  if (tip === null) throw nothingStored()
  return { head, tip }
}
