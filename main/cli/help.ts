import type { Command, Help } from 'commander'
import { table } from './table.ts'

/** Variables each command looks at, and those of the server (upstream cmd/cmd.go and envconfig/config.go). */
const clientVariables: readonly (readonly [string, string])[] = [
  ['OLLAMA_HOST', 'Address of the server (default 127.0.0.1:11434)'],
]
const runVariables: readonly (readonly [string, string])[] = [
  ...clientVariables,
  ['OLLAMA_NOHISTORY', 'Keep no history of what is typed'],
  ['OLLAMA_EDITOR', 'Editor of messages (default VISUAL, then EDITOR)'],
  ['NO_COLOR', 'No colours'],
]
const serverVariables: readonly (readonly [string, string])[] = [
  ['OLLAMA_HOST', 'Address to listen on (default 127.0.0.1:11434)'],
  ['OLLAMA_MODELS', 'Folder of the models (default ~/.ollama/models)'],
  ['OLLAMA_CONTEXT_LENGTH', 'Tokens of context where nobody names a number (default 4096)'],
  ['OLLAMA_KEEP_ALIVE', 'How long a model stays in memory (default 5m)'],
  ['OLLAMA_LOAD_TIMEOUT', 'How long loading may stall (default 5m)'],
  ['OLLAMA_NUM_PARALLEL', 'Answers of one model at the same time'],
  ['OLLAMA_MAX_LOADED_MODELS', 'Models in memory at the same time'],
  ['OLLAMA_MAX_QUEUE', 'Requests that may wait (default 512)'],
  ['OLLAMA_ORIGINS', 'Web pages that may call, separated by commas'],
  ['OLLAMA_NOPRUNE', 'Keep files no model uses'],
  ['OLLAMA_FLASH_ATTENTION', 'Flash attention on or off'],
  ['OLLAMA_KV_CACHE_TYPE', 'Type of the cache of keys and values (default f16)'],
  ['OLLAMA_LLM_LIBRARY', 'The only library for a graphics card to use (cuda, vulkan), or cpu'],
  ['OLLAMA_VULKAN', 'With 0, leave Vulkan out'],
  ['OLLAMA_DEBUG', 'Show what llama.cpp logs'],
  ['HEARTH_HOME', 'Folder of conversations and settings'],
]

/** The help of a command in the order Ollama's has it: what it does, usage, commands, flags, variables. */
export function helpText(command: Command, help: Help): string {
  const parts = [`${command.description()}\n`, `Usage:\n${usageLines(command).join('\n')}\n`]
  if (command.aliases().length > 0) parts.push(`Aliases:\n  ${[command.name(), ...command.aliases()].join(', ')}\n`)
  const commands = help.visibleCommands(command).map(sub => [sub.name(), sub.description()])
  if (commands.length > 0) parts.push(section('Available Commands', commands))
  parts.push(section('Flags', flagRows(command)))
  if (command.parent) parts.push(section('Environment Variables', variablesOf(command.name())))
  else parts.push(`Use "${command.name()} [command] --help" for more information about a command.\n`)
  return parts.join('\n')
}

function usageLines(command: Command): string[] {
  const { parent } = command
  if (parent) return [`  ${parent.name()} ${command.name()} ${command.usage()}`]
  return [`  ${command.name()} [flags]`, `  ${command.name()} [command]`]
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}:\n${table(rows)
    .map(line => `  ${line}\n`)
    .join('')}`
}

function flagRows(command: Command): string[][] {
  const shown = command.options.filter(option => !option.hidden)
  const rows = shown.map(option => {
    const [, value = ''] = /(<[^>]*>|\[[^\]]*\])$/.exec(option.flags) ?? []
    const name = `${option.short ? `${option.short}, ` : '    '}${option.long} ${value.slice(1, -1)}`
    return [name.trimEnd(), option.description]
  })
  return [...rows, ['-h, --help', `help for ${command.name()}`]].sort((a, b) => compare(nameOf(a), nameOf(b)))
}

function nameOf([name = '']: readonly string[]): string {
  return name.slice(4)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function variablesOf(command: string): readonly (readonly [string, string])[] {
  if (command === 'serve') return serverVariables
  return command === 'run' ? runVariables : clientVariables
}
