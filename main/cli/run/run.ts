import { text } from 'node:stream/consumers'
import { parseGoDuration } from '../../go/duration.ts'
import { goBool } from '../../go/text.ts'
import type { AnswerPiece, ShownModel } from '../api.ts'
import { CommandError } from '../command-error.ts'
import type { CommandContext } from '../context.ts'
import { printableLine } from '../printable.ts'
import { ServerError } from '../server.ts'
import { isKeyboard } from '../terminal.ts'
import { pull } from '../transfer.ts'
import { writeAnswer } from './answer.ts'
import { attach } from './attachments.ts'
import { Conversation } from './conversation.ts'
import { interact } from './interactive.ts'
import { onInterrupt } from './interrupt.ts'
import { load } from './load.ts'
import { formatValue, type RunSettings, requestSettings, thinkValue } from './settings.ts'

export interface RunOptions {
  readonly format?: string
  readonly think?: string
  readonly hidethinking?: boolean
  readonly keepalive?: string
  readonly nowordwrap?: boolean
  readonly verbose?: boolean
  readonly insecure?: boolean
  readonly truncate?: string
  readonly dimensions?: string
}

/** `run`: one answer to the words of the command and to what is piped in, or a conversation when there is neither. */
export async function run(
  context: CommandContext,
  model: string,
  words: readonly string[],
  options: RunOptions,
): Promise<void> {
  const settings = settingsOf(options)
  const { terminal } = context
  const keyboard = isKeyboard(terminal.input)
  const piped = keyboard ? '' : await text(terminal.input)
  const prompt = [...(piped === '' ? [] : [piped]), ...words].join(' ')
  const shown = await showOrPull(context, model, options.insecure ?? false)
  const capabilities = shown.capabilities ?? []
  if (settings.think && !capabilities.includes('thinking')) {
    terminal.errors.write(`Warning: model '${printableLine(model)}' does not support thinking output\n`)
  }
  if (capabilities.includes('embedding')) return embed(context, model, prompt, settings, options)
  if (prompt === '' && keyboard) {
    await load(context, model, settings)
    return interact(context, new Conversation(model, shown, settings))
  }
  await generate(context, model, prompt, settings, capabilities)
}

function settingsOf(options: RunOptions): RunSettings {
  const { format, think, keepalive } = options
  if (keepalive) {
    try {
      parseGoDuration(keepalive)
    } catch (error) {
      throw new CommandError((error as Error).message)
    }
  }
  return {
    format: format === undefined ? undefined : formatValue(format),
    think: think === undefined ? undefined : thinkValue(think),
    keepAlive: keepalive || undefined,
    hideThinking: options.hidethinking ?? false,
    wordWrap: !options.nowordwrap,
    verbose: options.verbose ?? false,
    options: {},
  }
}

/** What a model is; one that is not here is fetched. */
async function showOrPull(context: CommandContext, model: string, insecure: boolean): Promise<ShownModel> {
  const ask = () => context.server.json<ShownModel>('POST', '/api/show', { body: { model, name: model } })
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 404) throw error
    await pull(context, model, { insecure })
    return ask()
  }
}

async function generate(
  context: CommandContext,
  model: string,
  prompt: string,
  settings: RunSettings,
  capabilities: readonly string[],
): Promise<void> {
  const { server, terminal } = context
  const perceives = capabilities.includes('vision') || capabilities.includes('audio')
  const attached = perceives ? await attach(prompt) : { prompt, images: [], paths: [] }
  for (const path of attached.paths) terminal.errors.write(`Added image '${printableLine(path)}'\n`)
  const body = {
    model,
    prompt: attached.prompt,
    ...(attached.images.length > 0 && { images: attached.images }),
    ...requestSettings(settings),
  }
  const stopped = new AbortController()
  const forget = onInterrupt(() => stopped.abort())
  try {
    const { signal } = stopped
    const pieces = server.lines<AnswerPiece>('/api/generate', { body, signal }, piece => piece.done === true)
    const style = { ...settings, wordWrap: settings.wordWrap && isKeyboard(terminal.input) }
    await writeAnswer(pieces, terminal, style, signal)
  } finally {
    forget()
  }
}

/** A model made for embeddings answers with a vector, as JSON. */
async function embed(
  { server, terminal }: CommandContext,
  model: string,
  input: string,
  { keepAlive }: RunSettings,
  { truncate, dimensions }: RunOptions,
): Promise<void> {
  if (input === '') throw new CommandError('embedding models require input text: hearth run MODEL "your text"')
  const body = {
    model,
    input,
    ...(truncate !== undefined && { truncate: goBool(truncate) ?? true }),
    ...(dimensions !== undefined && { dimensions: dimensionsValue(dimensions) }),
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
  }
  const { embeddings } = await server.json<{ embeddings: number[][] }>('POST', '/api/embed', { body })
  terminal.output.write(`${JSON.stringify(embeddings[0] ?? [])}\n`)
}

function dimensionsValue(text: string): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`invalid argument "${text}" for "--dimensions" flag: not a number`)
  return Number(text)
}
