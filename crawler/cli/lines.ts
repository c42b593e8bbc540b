import { createReadStream } from 'node:fs'
import { CommandError } from './command.ts'

export interface LineBounds {
  readonly mostLines: number
  /** Characters of one line. */
  readonly mostLength: number
}

/**
 * The lines of a file or a pipe, which end in LF or CRLF, as they come: memory holds one, and what has no end, or no line
 * end, is left at its bounds.
 * @throws {CommandError} for a file that cannot be read or goes beyond its bounds
 */
export async function* readLines(
  file: string,
  { mostLines, mostLength }: LineBounds,
): AsyncGenerator<string> {
  let count = 0
  let rest = ''
  const take = (line: string) => {
    if (++count > mostLines) throw new CommandError(`${file} has more than ${mostLines} lines.`)
    if (line.length > mostLength)
      throw new CommandError(`${file}:${count}: longer than ${mostLength} characters.`)
    return line.replace(/\r$/, '')
  }
  for await (const chunk of readText(file)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield take(line)
    if (rest.length > mostLength) take(rest)
  }
  if (rest !== '') yield take(rest)
}

async function* readText(file: string): AsyncGenerator<string> {
  try {
    yield* createReadStream(file, 'utf8')
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`, { cause: error })
  }
}
