import { inWrittenOrder } from '../../go/json/key-order.ts'
import { Problem } from '../../problem.ts'
import type { ChatMessage, Think, Tool } from '../requests.ts'
import { JinjaError } from './jinja/error.ts'
import { strftime } from './jinja/globals.ts'
import type { JinjaTemplate } from './jinja/template.ts'
import type { ThinkingTags } from './output/format.ts'
import { inferredFormat } from './output/formats.ts'
import { jinjaTemplate } from './parsed-templates.ts'
import type { PromptSource } from './prompt-source.ts'
import { parametersJson, toolParameters } from './tool-schema.ts'

export interface JinjaRenderingOptions {
  readonly tokens: PromptSource['tokens']
  readonly think: Think | undefined
  readonly now: () => Date
}

/**
 * A conversation through the GGUF's Jinja template, with what llama-server gives it (upstream llm/llama_server.go):
 * earlier thinking is not passed on, `think` goes by the names of thinkingVariables.
 * @throws Problem 500 with the template's text
 */
export function renderJinja(
  source: string,
  { messages, tools }: { messages: readonly ChatMessage[]; tools: readonly Tool[] },
  { tokens, think, now }: JinjaRenderingOptions,
): string {
  const begun = begunAnswer(messages)
  const finished = begun ? messages.slice(0, -1) : messages
  try {
    const template = jinjaTemplate(source)
    const habits = habitsOf(template, source)
    const sent = tools.map(jinjaTool)
    const render = (wish: Think | undefined) =>
      template.render(
        {
          messages: jinjaMessages(habits.systemRole ? finished : mergedSystem(finished), habits),
          ...(tools.length > 0 ? { tools: sent } : {}),
          add_generation_prompt: true,
          bos_token: tokens.bosToken ?? '',
          eos_token: tokens.eosToken ?? '',
          ...thinkingVariables(wish),
          ...habitualVariables(source, now(), sent),
        },
        now,
      )
    const { thinking: tags } = inferredFormat(source)
    const first = render(think)
    // Thinking that was wished for and is over already: the template wants to be told how much (Hunyuan 3).
    const text = think === true && tags && endsThinking(first, tags) ? render('high') : first
    return begun ? continued(text, begun, tags) : text
  } catch (error) {
    if (error instanceof JinjaError) throw new Problem('invalid-request', 500, error.message)
    throw error
  }
}

/** Families gave the switch and the level different names; llama-server's are enable_thinking and reasoning_effort. */
function thinkingVariables(think: Think | undefined): Record<string, unknown> {
  if (think === undefined) return {}
  const thinks = Boolean(think)
  const level = typeof think === 'string' ? think : undefined
  return {
    enable_thinking: thinks,
    // Granite, DeepSeek, Kimi K3
    thinking: thinks,
    // MiniMax M3
    thinking_mode: thinks ? 'enabled' : 'disabled',
    ...(level ? { reasoning_effort: level, thinking_effort: level } : {}),
  }
}

/**
 * What llama.cpp tells every template (common/chat.cpp): the day in two orders, for Llama 3. Firefunction 2 wants its
 * tools as a text.
 */
function habitualVariables(
  source: string,
  now: Date,
  tools: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const functions = tools.map(tool => tool.function)
  return {
    date_string: strftime(now, '%d %b %Y'),
    datetime: strftime(now, '%b %d %Y'),
    ...(source.includes('functools[') ? { functions: JSON.stringify(functions, null, 4) } : {}),
  }
}

function endsThinking(prompt: string, { open, close }: ThinkingTags): boolean {
  const end = prompt.trimEnd()
  return close.some(tag => end.endsWith(tag) && end.slice(0, -tag.length).trimEnd().endsWith(open))
}

/** An answer at the end of the conversation is one to go on with (llama-server, prefill_assistant). */
function begunAnswer(messages: readonly ChatMessage[]): ChatMessage | undefined {
  const last = messages.at(-1)
  return last?.role === 'assistant' && !last.toolCalls?.length ? last : undefined
}

/** The prompt with the answer's beginning behind it; thinking that the prompt opens is closed before any content. */
function continued(prompt: string, { content, thinking = '' }: ChatMessage, tags: ThinkingTags | undefined): string {
  if (!tags) return prompt + content
  const opened = prompt.trimEnd().endsWith(tags.open)
  if (content === '') return thinking === '' ? prompt : `${opened ? prompt : `${prompt}${tags.open}\n`}${thinking}`
  return opened ? `${prompt}${thinking}\n${tags.close[0]}\n\n${content}` : prompt + content
}

/** How a template wants its messages, found by trying (llama.cpp common/jinja/caps.cpp does the same). */
interface Habits {
  /** Content is a list of parts, not a text. */
  readonly partsOnly: boolean
  /** Arguments of calls are objects; otherwise JSON texts. */
  readonly objectArguments: boolean
  readonly systemRole: boolean
}

const knownHabits = new WeakMap<JinjaTemplate, Habits>()

function habitsOf(template: JinjaTemplate, source: string): Habits {
  const known = knownHabits.get(template)
  if (known) return known
  const habits = probe(template, source)
  knownHabits.set(template, habits)
  return habits
}

function probe(template: JinjaTemplate, source: string): Habits {
  const shows = (needle: string, messages: readonly object[], tools?: readonly object[]): boolean => {
    const variables = {
      messages,
      ...(tools ? { tools } : {}),
      add_generation_prompt: true,
      bos_token: '',
      eos_token: '',
      ...habitualVariables(source, new Date(0), []),
    }
    try {
      return template.render(variables, () => new Date(0)).includes(needle)
    } catch {
      // A template that refuses the attempt does not have the habit.
      return false
    }
  }
  const call = (args: unknown) => {
    const made = [{ id: 'call00001', type: 'function', function: { name: 'probe', arguments: args } }]
    return [
      { role: 'user', content: 'user' },
      { role: 'assistant', content: '', tool_calls: made },
      { role: 'tool', content: 'result', tool_call_id: 'call00001', name: 'probe' },
    ]
  }
  const tool = {
    type: 'function',
    function: {
      name: 'probe',
      description: 'probe',
      parameters: { type: 'object', properties: { key: { type: 'string', description: 'key' } }, required: ['key'] },
    },
  }
  const text = 'NEEDLE'
  const partsOnly =
    !shows(text, [{ role: 'user', content: text }]) &&
    shows(text, [{ role: 'user', content: [{ type: 'text', text }] }])
  const content = (value: string) => (partsOnly ? [{ type: 'text', text: value }] : value)
  return {
    partsOnly,
    objectArguments:
      shows(text, call({ key: text }), [tool]) || !shows(text, call(JSON.stringify({ key: text })), [tool]),
    systemRole: shows(text, [
      { role: 'system', content: content(text) },
      { role: 'user', content: content('user') },
    ]),
  }
}

/** For templates without a system role the first system text goes in front of the message behind it. */
function mergedSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const [system, next, ...rest] = messages
  if (system?.role !== 'system' || !next) return messages
  return [{ ...next, content: `${system.content}\n${next.content}` }, ...rest]
}

function jinjaMessages(messages: readonly ChatMessage[], habits: Habits): Record<string, unknown>[] {
  return messages.map(({ role, content, toolCalls, toolName, toolCallId }) => ({
    role,
    content: habits.partsOnly ? [{ type: 'text', text: content }] : content,
    ...(toolCallId ? { tool_call_id: toolCallId } : {}),
    ...(toolName ? { name: toolName } : {}),
    ...(toolCalls?.length
      ? {
          tool_calls: toolCalls.map(({ id, function: { index = 0, name, arguments: written } }) => {
            const args = inWrittenOrder(written)
            return {
              id: id ?? '',
              index,
              type: 'function',
              function: { name, arguments: habits.objectArguments ? args : JSON.stringify(args) },
            }
          }),
        }
      : {}),
  }))
}

function jinjaTool(tool: Tool): Record<string, unknown> {
  const { name, description } = tool.function
  return {
    type: tool.type,
    ...(tool.items === undefined || tool.items === null ? {} : { items: tool.items }),
    function: {
      name,
      ...(description ? { description } : {}),
      parameters: parametersJson(toolParameters(tool), 'sent'),
    },
  }
}
