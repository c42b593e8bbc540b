import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { readLines } from '../../../crawler/cli/lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bounds = { mostLines: 100_000, mostLength: 20 }
async function read(file: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readLines(file, bounds)) lines.push(line)
  return lines
}

/** A pipe that somebody else fills with a line for ever. */
function usePipe(line: string): string {
  const pipe = join(folder, `pipe-${line.length}`)
  execFileSync('mkfifo', [pipe])
  const yes = spawn('sh', ['-c', 'exec yes "$1" > "$0"', pipe, line], { stdio: 'ignore' })
  onTestFinished(() => void yes.kill())
  return pipe
}

test('a file is its lines, whatever ends them, also the last one without an end', async () => {
  const file = join(folder, 'file')
  for (const [text, lines] of [
    ['', []],
    ['a', ['a']],
    ['a\nb\n', ['a', 'b']],
    ['a\r\n\r\nb\r\n', ['a', '', 'b']],
    ['é'.repeat(20), ['é'.repeat(20)]],
    // Longer than what is read of a file at once.
    ['0123456789\n'.repeat(20_000), Array(20_000).fill('0123456789')],
  ] as const) {
    writeFileSync(file, text)
    expect(await read(file)).toEqual(lines)
  }
})

test('a line that is too long is named, also where it never ends', async () => {
  const file = join(folder, 'long')
  writeFileSync(file, `a\n${'b'.repeat(21)}\nc\n`)
  await expect(read(file)).rejects.toThrow(`${file}:2: longer than 20 characters.`)
  await expect(read('/dev/zero')).rejects.toThrow('/dev/zero:1: longer than 20 characters.')
})

test('what has lines without end is left at its bound', async () => {
  const pipe = usePipe('a')
  await expect(read(pipe)).rejects.toThrow(`${pipe} has more than 100000 lines.`)
})

test('what cannot be read is named', async () => {
  await expect(read('/no/such')).rejects.toThrow('/no/such: ENOENT')
  await expect(read(folder)).rejects.toThrow(`${folder}: EISDIR`)
})
