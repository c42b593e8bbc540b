import type { ParseArgsOptionDescriptor } from 'node:util'

/** A command's flags, as `parseArgs` takes them, each with its line of help. */
export type Flags = Readonly<
  Record<string, ParseArgsOptionDescriptor & { readonly help: string; readonly value?: string }>
>

/** What a command was given. */
export interface Given {
  /** Flags by their names: a text, or true for one that takes none. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  /** What is no flag, in order. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** What a command's file exports; a file of several commands exports one such object for each. */
export interface CommandModule {
  readonly flags: Flags
  /** @returns the exit code; see `EXIT` */
  run(given: Given): Promise<number>
}

/** A line of the table of commands. Its file is loaded when it is called. */
export interface Command {
  /** One word, or a noun and a verb. */
  readonly name: string
  /** What may follow the name beside flags, such as `FROM..TO`; empty when nothing may. */
  readonly words?: string
  /** Its line of help. */
  readonly line: string
  readonly load: () => Promise<CommandModule>
}

export const EXIT = {
  ok: 0,
  failed: 1,
  /** It could be told, and all is not well. */
  degraded: 2,
  /** `EX_USAGE` of sysexits(3). */
  usage: 64,
} as const

/** Wrong words on the command line. Ends the program with `EXIT.usage`. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A sentence for the operator, without a stack: the program ends with `EXIT.failed`. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
