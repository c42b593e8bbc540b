import { parseArgs } from 'node:util'
import { type Command, type CommandModule, EXIT, type Flags, type Given, UsageError } from './command.ts'

const HELP = { help: { type: 'boolean', short: 'h', help: 'Shows this' } } as const

/**
 * Finds the command that `args` name, and runs it.
 * @param commands the first one runs when none is named
 * @returns the exit code
 * @throws {UsageError} for words that no command knows, and whatever the command throws
 */
export async function runCli(
  commands: readonly Command[],
  args: readonly string[],
  given: Pick<Given, 'env' | 'out' | 'err'>,
): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h') {
    given.out(toHelp(commands))
    return EXIT.ok
  }
  const verbs = commands.filter(({ name }) => name.startsWith(`${args[0]} `))
  if (verbs.length > 0 && (args[1] === '--help' || args[1] === '-h')) {
    given.out(toHelp(verbs))
    return EXIT.ok
  }
  const command = find(commands, args)
  const rest =
    args[0]?.startsWith('-') || args.length === 0 ? args : args.slice(command.name.split(' ').length)
  const module = await command.load()
  const { flags, words } = parse(command, module.flags, rest)
  if (flags.help === true) {
    given.out(toCommandHelp(command, module))
    return EXIT.ok
  }
  return module.run({ ...given, flags, words })
}

function find(commands: readonly Command[], args: readonly string[]): Command {
  const [first] = args
  const [fallback] = commands
  if (fallback !== undefined && (first === undefined || first.startsWith('-'))) return fallback
  const found = commands.find(({ name }) => name.split(' ').every((word, i) => args[i] === word))
  if (found !== undefined) return found
  // "labels" alone, or with a verb that it lacks: tell of the verbs it has.
  const near = commands.filter(({ name }) => name.startsWith(`${first} `))
  const said = near.length > 0 ? args.slice(0, 2).join(' ') : first
  const allowed = (near.length > 0 ? near : commands).map(({ name }) => name).join(', ')
  throw new UsageError(`Unknown command "${said}": there is ${allowed}.`)
}

function parse(command: Command, flags: Flags, args: readonly string[]): Pick<Given, 'flags' | 'words'> {
  const options = Object.fromEntries(
    Object.entries({ ...flags, ...HELP }).map(
      ([name, { help: _help, value: _value, ...flag }]: [string, Flags[string]]) => [name, flag],
    ),
  )
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const allowed = Object.keys(options).map((name) => `--${name}`)
  for (const token of tokens) {
    if (token.kind === 'positional' && command.words === undefined) {
      throw new UsageError(`${command.name} does not take "${token.value}", only ${allowed.join(', ')}.`)
    }
    if (token.kind !== 'option') continue
    const option = options[token.name]
    if (option === undefined) {
      throw new UsageError(`Unknown flag ${token.rawName}: ${command.name} takes ${allowed.join(', ')}.`)
    }
    if (option.type === 'boolean' && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value.`)
    }
    if (option.type === 'string' && (token.value === undefined || token.value === '')) {
      throw new UsageError(`${token.rawName} needs a value.`)
    }
  }
  const parsed = parseArgs({ args: [...args], options, strict: false, allowPositionals: true })
  return { flags: parsed.values as Given['flags'], words: parsed.positionals }
}

const CALL = 'npm run crawler --'

function toHelp(commands: readonly Command[]): string {
  const calls = commands.map((command) => [toCall(command), command.line] as const)
  return `${CALL} COMMAND [flags]\n\n${toColumns(calls)}\n\nWithout a command: run. Each has a --help. Settings come from the environment: docs/configuration.md.\n`
}

function toCommandHelp(command: Command, { flags }: CommandModule): string {
  const lines = Object.entries({ ...flags, ...HELP }).map(
    ([name, { help, value }]: [string, Flags[string]]) =>
      [`--${name}${value ? ` ${value}` : ''}`, help] as const,
  )
  return `${CALL} ${toCall(command)} [flags]\n\n${command.line}.\n\n${toColumns(lines)}\n`
}

const toCall = ({ name, words }: Command) => (words === undefined ? name : `${name} ${words}`)

function toColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
