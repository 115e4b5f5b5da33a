import { Command, type CommanderError, Option } from 'commander'
import { parseGoDuration } from '../go/duration.ts'
import { goQuote } from '../go/text.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { create } from './create/create.ts'
import { type FlagShape, plainFlags } from './flags.ts'
import { helpText } from './help.ts'
import { list, ps } from './list.ts'
import { copy, remove, stop, version } from './manage.ts'
import { type RunOptions, run } from './run/run.ts'
import { show, showParts } from './show.ts'
import { pull, push } from './transfer.ts'

export interface ServeWish {
  /** Milliseconds without anybody who needs it after which the server ends; undefined: it does not by itself. */
  readonly untilIdle?: number
}

export interface ProgramActions {
  /** Called before every command that asks a server. */
  readonly ensureServer: () => Promise<void>
  /** `hearth serve`. */
  readonly serve: (options: ServeWish) => Promise<void>
}

/** How many words a command takes besides its flags, and what is said when they are others, as upstream. */
type Words = (count: number) => string | undefined
const exactly =
  (wanted: number): Words =>
  count =>
    count === wanted ? undefined : `accepts ${wanted} arg(s), received ${count}`
const atLeast =
  (wanted: number): Words =>
  count =>
    count >= wanted ? undefined : `requires at least ${wanted} arg(s), only received ${count}`
const any: Words = () => undefined

/**
 * Reads the words behind `hearth` and does what they ask for: commands and flags are Ollama's (upstream cmd/cmd.go).
 * @throws CommandError, also for words that make no sense
 */
export async function runProgram(
  words: readonly string[],
  context: CommandContext,
  actions: ProgramActions,
): Promise<void> {
  const program = buildProgram(context, actions)
  try {
    await program.parseAsync(plainFlags(words, flagsFor(program, words)), { from: 'user' })
  } catch (error) {
    const code = (error as Partial<CommanderError>).code
    if (typeof code !== 'string' || !code.startsWith('commander.')) throw error
    const complaint = complaintOf(error as CommanderError, program.name())
    if (complaint !== undefined) throw new CommandError(complaint)
  }
}

function buildProgram(context: CommandContext, actions: ProgramActions): Command {
  const { output } = context.terminal
  const program = new Command('hearth')
    .description('Run large language models on this computer')
    .exitOverride()
    // `-v` is the version before a command, and whatever the command has by it behind.
    .enablePositionalOptions()
    .configureOutput({ writeOut: text => void output.write(text), writeErr: () => {} })
    .configureHelp({ formatHelp: helpText })
    .helpOption('-h, --help', 'help for hearth')
    .helpCommand(false)
    .option('-v, --version', 'Show version information')
    .argument('[words...]')
    .action(async (words: string[], flags: { version?: boolean }) => {
      if (words[0] !== undefined) throw new CommandError(`unknown command ${goQuote(words[0])} for "hearth"`)
      if (flags.version) await version(context)
      else output.write(program.helpInformation())
    })

  /** A command that asks a server. */
  const command = (name: string, does: string, usage: string, accepts: Words): Command =>
    offline(name, does, usage, accepts).hook('preAction', () => actions.ensureServer())
  const offline = (name: string, does: string, usage: string, accepts: Words): Command =>
    program
      .command(name)
      .description(does)
      .usage(`${usage}${usage && ' '}[flags]`)
      .argument('[words...]')
      .hook('preAction', (_, { args }) => {
        const complaint = accepts(args.length)
        if (complaint !== undefined) throw new CommandError(complaint)
      })

  offline('serve', 'Serve the API', '', exactly(0))
    .alias('start')
    .addOption(new Option('--until-idle <duration>', 'end once nobody has used it for so long').hideHelp())
    .action((_, { untilIdle }: { untilIdle?: string }) =>
      actions.serve(untilIdle === undefined ? {} : { untilIdle: parseGoDuration(untilIdle) }),
    )
  command('create', 'Create a model', 'MODEL', exactly(1))
    .option('-f, --file <string>', 'Name of the Modelfile, - for what is piped in (default "Modelfile")')
    .option('-q, --quantize <string>', 'Quantize the model to this type (e.g. q4_K_M)')
    .option('--draft-quantize <string>', 'Quantize the draft model to this type')
    .action(([model]: [string], options) => create(context, model, options))
  const shown = command('show', 'Show what a model is', 'MODEL', exactly(1))
  for (const part of showParts) shown.option(`--${part}`, `Show its ${partNames[part]}`)
  shown
    .option('-v, --verbose', 'Show its metadata and tensors too')
    .action(([model]: [string], flags: Record<string, boolean>) =>
      show(context, model, { parts: showParts.filter(part => flags[part]), verbose: flags.verbose ?? false }),
    )
  command('run', 'Run a model', 'MODEL [PROMPT]', atLeast(1))
    .option('--keepalive <string>', 'How long the model stays in memory (e.g. 5m)')
    .option('--verbose', 'Show what the answer took')
    .option('--insecure', 'Pull over a connection that is not secure')
    .option('--nowordwrap', 'Do not break lines between words')
    .option('--format <string>', 'Form of the answer: json, or a JSON schema')
    .option('--think [string]', 'Think first: true, false, or high, medium, low, max')
    .option('--hidethinking', 'Do not show what is thought')
    .option('--truncate [bool]', 'Embedding models: cut an input that is too long (--truncate=false for an error)')
    .option('--dimensions <int>', 'Embedding models: length of the vector')
    .action(([model, ...prompt]: [string, ...string[]], options: RunOptions) => run(context, model, prompt, options))
  command('stop', 'Take a model out of memory', 'MODEL', exactly(1)).action(([model]: [string]) => stop(context, model))
  command('pull', 'Pull a model from a registry', 'MODEL', exactly(1))
    .option('--insecure', 'Use a registry over a connection that is not secure')
    .action(([model]: [string], options) => pull(context, model, options))
  command('push', 'Push a model to a registry', 'MODEL', exactly(1))
    .option('--insecure', 'Use a registry over a connection that is not secure')
    .action(([model]: [string], options) => push(context, model, options))
  command('list', 'List models', '[PREFIX]', any)
    .alias('ls')
    .action(([prefix]: [string?]) => list(context, prefix))
  command('ps', 'List models in memory', '', any).action(() => ps(context))
  command('cp', 'Copy a model', 'SOURCE DESTINATION', exactly(2)).action(([source, destination]: [string, string]) =>
    copy(context, source, destination),
  )
  command('rm', 'Remove models', 'MODEL [MODEL...]', atLeast(1)).action((models: string[]) => remove(context, models))
  offline('version', 'Show version information', '', exactly(0)).action(() => version(context))
  offline('help', 'Help about any command', '[command]', any).action((words: string[]) => {
    const [name] = words
    const topic = name === undefined ? program : commandOf(program, name)
    if (!topic) output.write(`Unknown help topic [${words.map(word => `\`${word}\``).join(' ')}]\n`)
    output.write((topic ?? program).helpInformation())
  })
  for (const sub of program.commands) sub.copyInheritedSettings(program)
  return program
}

const partNames = {
  license: 'license',
  modelfile: 'Modelfile',
  parameters: 'parameters',
  system: 'system message',
  template: 'template',
} as const

/** The flags of the command the words name, or those of the program. */
function flagsFor(program: Command, words: readonly string[]): FlagShape[] {
  const name = words.find(word => !word.startsWith('-')) ?? ''
  return (commandOf(program, name) ?? program).options.map(option => ({
    name: option.name(),
    takes: option.required ? 'value' : option.optional ? 'level' : 'switch',
  }))
}

function commandOf(program: Command, name: string): Command | undefined {
  return program.commands.find(sub => sub.name() === name || sub.aliases().includes(name))
}

/** A complaint of the parser in upstream's words (spf13/cobra and pflag); undefined when it only showed help. */
function complaintOf({ code, message }: CommanderError, program: string): string | undefined {
  const [, subject = ''] = /'([^']*)'/.exec(message) ?? []
  switch (code) {
    case 'commander.help':
    case 'commander.helpDisplayed':
      return undefined
    case 'commander.unknownOption':
      return subject.startsWith('--')
        ? `unknown flag: ${subject.replace(/=.*/s, '')}`
        : `unknown shorthand flag: '${subject.slice(1, 2)}' in ${subject}`
    case 'commander.unknownCommand':
      return `unknown command ${goQuote(subject)} for "${program}"`
    case 'commander.optionMissingArgument':
      return `flag needs an argument: ${/(--[a-z-]+)/.exec(subject)?.[1] ?? subject}`
    default:
      return message.replace(/^error: /, '')
  }
}
