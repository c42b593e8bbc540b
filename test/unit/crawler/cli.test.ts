import { describe, expect, test } from 'vitest'
import { runCli } from '../../../crawler/cli/cli.ts'
import { type Command, EXIT, type Given, UsageError } from '../../../crawler/cli/command.ts'
import { COMMANDS } from '../../../crawler/cli/commands.ts'

const calls: { name: string; flags: Given['flags']; words: readonly string[] }[] = []

const command = (name: string, words?: string): Command => ({
  name,
  ...(words && { words }),
  line: `Does ${name}`,
  load: async () => ({
    flags: {
      json: { type: 'boolean', help: 'As JSON' },
      from: { type: 'string', help: 'First height', value: 'HEIGHT' },
    },
    async run({ flags, words }) {
      calls.push({ name, flags, words })
      return 2
    },
  }),
})
const commands = [
  command('run'),
  command('repair', 'FROM..TO'),
  command('prices import', 'FILE'),
  command('prices fill'),
]

async function call(...args: string[]) {
  calls.length = 0
  let text = ''
  const code = await runCli(commands, args, { env: {}, out: (more) => (text += more), err: () => {} })
  return { code, text, call: calls[0] }
}

describe('runCli()', () => {
  test('runs the first command when none is named, with or without flags', async () => {
    expect(await call()).toMatchObject({ code: 2, call: { name: 'run', words: [] } })
    expect(await call('--json')).toMatchObject({ call: { name: 'run', flags: { json: true } } })
  })

  test('gives a command its flags and words', async () => {
    expect((await call('repair', '--from', '12', '5..9', '--json')).call).toEqual({
      name: 'repair',
      flags: { from: '12', json: true },
      words: ['5..9'],
    })
    expect((await call('prices', 'import', 'a.csv')).call).toMatchObject({
      name: 'prices import',
      words: ['a.csv'],
    })
    expect((await call('repair', '--from=7')).call).toMatchObject({ flags: { from: '7' } })
  })

  test.each([
    [['bogus'], 'Unknown command "bogus": there is run, repair, prices import, prices fill.'],
    [['prices'], 'Unknown command "prices": there is prices import, prices fill.'],
    [['prices', 'eat'], 'Unknown command "prices eat": there is prices import, prices fill.'],
    [['run', '--jsno'], 'Unknown flag --jsno: run takes --json, --from, --help.'],
    [['--jsno'], 'Unknown flag --jsno: run takes --json, --from, --help.'],
    [['run', 'extra'], 'run does not take "extra", only --json, --from, --help.'],
    [['run', '--json=yes'], '--json takes no value.'],
    [['run', '--from'], '--from needs a value.'],
    [['run', '--from='], '--from needs a value.'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    await expect(call(...args)).rejects.toThrow(new UsageError(sentence))
    expect(calls).toEqual([])
  })

  test('helps with all commands, and with each', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, text } = await call(flag)
      expect(code).toBe(EXIT.ok)
      for (const { name, line } of commands) expect(text).toMatch(new RegExp(`  ${name}.*${line}\n`))
    }
    const { code, text, call: called } = await call('repair', '--help')
    expect(code).toBe(EXIT.ok)
    expect(text).toContain('repair FROM..TO')
    expect(text).toContain('--from HEIGHT  First height')
    expect(called).toBeUndefined()
  })
})

test('a noun tells its verbs', async () => {
  let text = ''
  const out = (more: string) => void (text += more)
  expect(await runCli(COMMANDS, ['prices', '--help'], { env: {}, out, err: () => {} })).toBe(0)
  expect(text).toContain('prices import FILE')
  expect(text).not.toContain('repair')
})

test.each(COMMANDS.map(({ name }) => name))('crawler %s --help tells its flags', async (name) => {
  let text = ''
  const out = (more: string) => (text += more)
  expect(await runCli(COMMANDS, [...name.split(' '), '--help'], { env: {}, out, err: () => {} })).toBe(0)
  expect(text).toContain(name)
  expect(text).toContain('--help')
})
