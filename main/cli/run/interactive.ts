import { join } from 'node:path'
import { systemMessage } from '../../go/system-error.ts'
import { flag } from '../../variables.ts'
import { CommandError } from '../command-error.ts'
import type { CommandContext } from '../context.ts'
import { printable, printableLine } from '../printable.ts'
import { writeAnswer } from './answer.ts'
import { attach } from './attachments.ts'
import { commandHelp, obey } from './commands.ts'
import type { Conversation } from './conversation.ts'
import { PromptHistory } from './history.ts'
import { Keyboard } from './keyboard.ts'
import { MessageLines } from './message-lines.ts'

const prompt = '>>> '
const furtherPrompt = '... '

/** A conversation in the terminal, until the person leaves it. */
export async function interact(context: CommandContext, conversation: Conversation): Promise<void> {
  const { terminal, home } = context
  const history = new PromptHistory(join(home, 'prompt-history'), !flag(terminal.env, 'OLLAMA_NOHISTORY'))
  const keyboard = new Keyboard(terminal, history)
  try {
    showExamples(context, conversation)
    const lines = new MessageLines()
    for (;;) {
      const placeholder = lines.open ? 'Use """ to end multi-line message' : 'Send a message (/? for help)'
      const typed = await keyboard.ask(lines.open ? furtherPrompt : prompt, placeholder)
      if (typed === 'end') {
        terminal.output.write('\n')
        return
      }
      if (typed === 'interrupt') {
        lines.drop()
        terminal.output.write('(Ctrl-D or /bye leaves)\n')
        continue
      }
      const message = lines.push(typed.line)
      if (message === undefined) continue
      if (/^\/(bye|exit|quit)\s*$/.test(message.text)) return
      await reported(context, () => react(context, conversation, message.text, keyboard, history))
    }
  } finally {
    keyboard.close()
  }
}

async function react(
  context: CommandContext,
  conversation: Conversation,
  text: string,
  keyboard: Keyboard,
  history: PromptHistory,
): Promise<void> {
  if (text.trim() === '') return
  // A path may begin with a slash, too.
  const isCommand = /^\/[a-z?]+(\s|$)/.test(text) && !(conversation.perceives && (await attach(text)).paths.length > 0)
  if (!isCommand) return ask(context, conversation, text, keyboard)
  if (!(await obey(context, conversation, text, history))) {
    const [name = ''] = text.split(/\s/, 1)
    context.terminal.output.write(`Unknown command '${printableLine(name)}'. ${commandHelp}\n`)
  }
}

async function ask(
  { server, terminal }: CommandContext,
  conversation: Conversation,
  text: string,
  keyboard: Keyboard,
): Promise<void> {
  const attached = conversation.perceives ? await attach(text) : { prompt: text, images: [], paths: [] }
  for (const path of attached.paths) terminal.output.write(`Added image '${printableLine(path)}'\n`)
  const stopped = new AbortController()
  keyboard.onInterrupt = () => stopped.abort()
  conversation.say(attached.prompt, attached.images)
  try {
    const pieces = conversation.answer(server, stopped.signal)
    const { content, thinking } = await writeAnswer(pieces, terminal, conversation.settings, stopped.signal)
    if (content === '' && thinking === '') conversation.takeBack()
    else conversation.hear(content, thinking)
  } catch (error) {
    conversation.takeBack()
    throw error
  } finally {
    keyboard.onInterrupt = undefined
  }
}

/** What fails does not end the conversation. */
async function reported({ terminal }: CommandContext, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const words = error instanceof CommandError ? error.message : systemMessage(error)
    if (words === undefined) throw error
    terminal.errors.write(`Error: ${printable(words)}\n`)
  }
}

/** The model's example messages, as if they had been said here. */
function showExamples({ terminal }: CommandContext, { shown }: Conversation): void {
  for (const { role, content } of shown.messages ?? []) {
    if (role === 'user') terminal.output.write(`${prompt}${printable(content)}\n`)
    if (role === 'assistant') terminal.output.write(`${printable(content)}\n\n`)
  }
}
