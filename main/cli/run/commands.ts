import { ModelfileError } from '../../library/modelfile.ts'
import type { ProgressLine, ShownModel } from '../api.ts'
import { CommandError } from '../command-error.ts'
import type { CommandContext } from '../context.ts'
import { printableLine } from '../printable.ts'
import { ServerError } from '../server.ts'
import { describeModel, printPart, type ShowPart, showParts } from '../show.ts'
import { table } from '../table.ts'
import type { Conversation } from './conversation.ts'
import type { PromptHistory } from './history.ts'
import { load } from './load.ts'
import { formatValue, thinkValue } from './settings.ts'

export const commandHelp = 'Type /? for help'

type Help = readonly (readonly [command: string, does: string])[]

const commandsHelp: Help = [
  ['/set', 'Change how the model is asked'],
  ['/show', 'Tell about the model'],
  ['/load <model>', 'Go on with another model, from the beginning'],
  ['/save <model>', 'Keep this conversation as a model'],
  ['/clear', 'Forget what was said'],
  ['/bye', 'Leave'],
  ['/?, /help', 'This list; /? <command> for one of them'],
  ['/? shortcuts', 'Keys'],
]

const settingsHelp: Help = [
  ['/set parameter <name> <value>', 'A runtime parameter; /set parameter lists them'],
  ['/set system <text>', 'The system message'],
  ['/set history, /set nohistory', 'Keep what is typed for the arrow keys, or not'],
  ['/set wordwrap, /set nowordwrap', 'Break lines between words, or leave it to the terminal'],
  ['/set format json, /set noformat', 'Answers in JSON, or free'],
  ['/set verbose, /set quiet', 'Tell what an answer took, or not'],
  ['/set think [level], /set nothink', 'Let the model think first, or not'],
]

const parametersHelp: Help = [
  ['seed <int>', 'The same number gives the same answer'],
  ['num_predict <int>', 'Most tokens of an answer'],
  ['top_k <int>', 'Draw from this many likeliest tokens'],
  ['top_p <float>', 'Draw from the likeliest tokens that make up this probability'],
  ['min_p <float>', 'Leave out tokens below this part of the likeliest one'],
  ['num_ctx <int>', 'Tokens the model has before its eyes'],
  ['temperature <float>', 'How freely it is drawn'],
  ['repeat_penalty <float>', 'How much repetition is held down'],
  ['repeat_last_n <int>', 'Tokens back in which repetition is looked for'],
  ['num_gpu <int>', 'Layers on the graphics card'],
  ['stop <text> <text> ...', 'Texts that end an answer'],
]

const partsHelp: Help = [
  ['/show info', 'What the model is'],
  ['/show license', 'Its licence'],
  ['/show modelfile', 'Its Modelfile'],
  ['/show parameters', 'Its parameters, and those set here'],
  ['/show system', 'The system message'],
  ['/show template', 'The prompt template'],
]

const shortcutsHelp: Help = [
  ['Ctrl-A, Ctrl-E', 'To the beginning, to the end of the line'],
  ['Alt-B, Alt-F', 'A word back, a word on'],
  ['Ctrl-K, Ctrl-U', 'Delete to the end, to the beginning'],
  ['Ctrl-W', 'Delete the word before the cursor'],
  ['Ctrl-L', 'Clear the screen'],
  ['Ctrl-G', 'Write the message in an editor'],
  ['Up, Down', 'What was typed before'],
  ['Ctrl-C', 'Stop the answer; drop the line'],
  ['Ctrl-D', 'Leave'],
]

/**
 * Does what a line that begins with a slash asks for.
 * @returns false for a command there is none of
 * @throws CommandError
 */
export async function obey(
  context: CommandContext,
  conversation: Conversation,
  line: string,
  history: PromptHistory,
): Promise<boolean> {
  const [name = '', ...words] = line.trim().split(/\s+/)
  const rest = line.trim().slice(name.length).trim()
  const { output } = context.terminal
  switch (name) {
    case '/?':
    case '/help':
      output.write(helpFor(words[0]))
      return true
    case '/set':
      set(context, conversation, words, rest, history)
      return true
    case '/show':
      await tell(context, conversation, words[0])
      return true
    case '/clear':
      conversation.clear()
      output.write('Cleared session context\n')
      return true
    case '/load':
      await change(context, conversation, rest)
      return true
    case '/save':
      await save(context, conversation, rest)
      return true
    default:
      return false
  }
}

function helpFor(topic = ''): string {
  switch (topic.replace(/^\//, '')) {
    case 'set':
      return helpText(settingsHelp)
    case 'show':
      return helpText(partsHelp)
    case 'shortcut':
    case 'shortcuts':
      return helpText(shortcutsHelp)
    default:
      return `${helpText(commandsHelp)}${'Use """ to begin a message of several lines.\n\n'}`
  }
}

function helpText(rows: Help): string {
  return `${table(rows)
    .map(line => `  ${line}\n`)
    .join('')}\n`
}

function set(
  { terminal: { output } }: CommandContext,
  conversation: Conversation,
  [what = '', ...values]: readonly string[],
  rest: string,
  history: PromptHistory,
): void {
  const { settings } = conversation
  const done = (sentence: string) => output.write(`${sentence}\n`)
  switch (what) {
    case 'history':
    case 'nohistory':
      history.enabled = what === 'history'
      return
    case 'wordwrap':
    case 'nowordwrap':
      settings.wordWrap = what === 'wordwrap'
      done(`Set '${what}' mode.`)
      return
    case 'verbose':
    case 'quiet':
      settings.verbose = what === 'verbose'
      done(`Set '${what}' mode.`)
      return
    case 'think':
      settings.think = thinkValue(values[0] ?? '')
      done(`Set 'think' mode${values[0] ? ` to '${printableLine(values[0])}'` : ''}.`)
      return
    case 'nothink':
      settings.think = false
      done("Set 'nothink' mode.")
      return
    case 'format': {
      const format = rest.slice(what.length).trim()
      if (format === '') break
      settings.format = formatValue(format)
      done(`Set format to '${format === 'json' ? 'json' : 'a schema'}' mode.`)
      return
    }
    case 'noformat':
      settings.format = undefined
      done('Disabled format.')
      return
    case 'system': {
      const text = rest.slice(what.length).trim()
      if (text === '') break
      conversation.system = text
      done('Set system message.')
      return
    }
    case 'parameter': {
      const [name, ...texts] = values
      if (name === undefined || texts.length === 0) {
        output.write(helpText(parametersHelp.map(([parameter, does]) => [`/set parameter ${parameter}`, does])))
        return
      }
      setParameter(conversation, name, texts)
      done(`Set parameter '${printableLine(name)}' to '${printableLine(texts.join(', '))}'`)
      return
    }
  }
  output.write(helpText(settingsHelp))
}

function setParameter(conversation: Conversation, name: string, texts: readonly string[]): void {
  try {
    conversation.setParameter(name, texts)
  } catch (error) {
    if (error instanceof ModelfileError) throw new CommandError(`couldn't set parameter: ${error.message}`)
    throw error
  }
}

async function tell({ server, terminal }: CommandContext, conversation: Conversation, part = ''): Promise<void> {
  const { model, settings, system } = conversation
  if (part !== 'info' && !showParts.includes(part as ShowPart)) {
    terminal.output.write(helpText(partsHelp))
    return
  }
  const body = { model, name: model, ...(system !== undefined && { system }), options: settings.options }
  const shown = await server.json<ShownModel>('POST', '/api/show', { body })
  if (part === 'info') terminal.output.write(describeModel(shown))
  else if (part === 'parameters') tellParameters(terminal.output, shown, settings.options)
  else {
    const wanted = part === 'system' && system !== undefined ? { ...shown, system } : shown
    if (!wanted[part as ShowPart]) terminal.output.write(`No ${part} was specified for this model.\n`)
    else printPart(terminal.output, wanted, part as ShowPart)
    if (part === 'system' || part === 'template') terminal.output.write('\n')
  }
}

function tellParameters(output: NodeJS.WriteStream, shown: ShownModel, set: Readonly<Record<string, unknown>>): void {
  const own = Object.entries(set).flatMap(([name, value]) =>
    [value].flat().map(one => `  ${name.padEnd(30)} ${printableLine(JSON.stringify(one))}\n`),
  )
  if (own.length > 0) output.write(`User defined parameters:\n${own.join('')}\n`)
  const given = (shown.parameters ?? '').split('\n').filter(line => line !== '')
  if (given.length > 0)
    output.write(`Model defined parameters:\n${given.map(line => `  ${printableLine(line)}\n`).join('')}\n`)
  if (own.length + given.length === 0) output.write('No additional parameters were specified for this model.\n')
}

async function change(context: CommandContext, conversation: Conversation, model: string): Promise<void> {
  const { server, terminal } = context
  if (model === '' || /\s/.test(model)) {
    terminal.output.write('Usage:\n  /load <model>\n')
    return
  }
  terminal.output.write(`Loading model '${printableLine(model)}'\n`)
  const shown = await server.json<ShownModel>('POST', '/api/show', { body: { model, name: model } })
  await load(context, model, { ...conversation.settings, options: {} })
  conversation.change(model, shown)
}

async function save(context: CommandContext, conversation: Conversation, name: string): Promise<void> {
  const { server, terminal } = context
  if (name === '' || /\s/.test(name)) {
    terminal.output.write('Usage:\n  /save <model>\n')
    return
  }
  const body = { ...conversation.asCreate(name), stream: true }
  try {
    const lines = server.lines<ProgressLine>('/api/create', { body }, line => line.status === 'success')
    for await (const _ of lines);
  } catch (error) {
    if (!(error instanceof ServerError) || !error.message.includes('invalid model name')) throw error
    throw new CommandError(`the model name '${printableLine(name)}' is invalid`)
  }
  terminal.output.write(`Created new model '${printableLine(name)}'\n`)
}
