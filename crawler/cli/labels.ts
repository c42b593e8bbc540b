import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkLabels } from '../../src/domain/label.ts'
import { type CommandModule, EXIT, type Given } from './command.ts'
import { toCount } from './count.ts'

const FOLDER = join(import.meta.dirname, '../../src/domain/labels')

/** `labels check`: every file of labels, or those that are named. */
export const checkCommand = {
  flags: {},
  run: (given) => check(given),
} as const satisfies CommandModule

async function check({ words, out, err }: Given): Promise<number> {
  const files =
    words.length > 0
      ? words
      : globSync('*.json', { cwd: FOLDER })
          .sort()
          .map((name) => join(FOLDER, name))
  let isGood = true
  for (const path of files) {
    const { labels, faults } = checkFile(path)
    for (const fault of faults) err(`${path}: ${fault}\n`)
    if (faults.length > 0) isGood = false
    else out(`${basename(path)}: ${toCount(labels.length, 'label')}\n`)
  }
  return isGood ? EXIT.ok : EXIT.failed
}

/** The network is the file's name. */
function checkFile(path: string) {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return { labels: [], faults: [error instanceof Error ? error.message : String(error)] }
  }
  return checkLabels(json, basename(path, '.json'))
}
