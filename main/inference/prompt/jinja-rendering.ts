import { inWrittenOrder } from '../../go/json/key-order.ts'
import { Problem } from '../../problem.ts'
import type { ChatMessage, Think, ThinkLevel, Tool, ToolCall } from '../requests.ts'
import { JinjaError } from './jinja/error.ts'
import { joinedNeighbours, oneCallAtATime, systemAtBeginning, withShortIds } from './messages.ts'
import type { OutputFormat, ThinkingTags } from './output/format.ts'
import { inferredFormat } from './output/formats.ts'
import { jinjaTemplate } from './parsed-templates.ts'
import type { PromptSource } from './prompt-source.ts'
import type { JinjaChoice } from './template-choice.ts'
import { type Habits, habitsOf, habitualVariables, renderTemplate } from './template-habits.ts'
import { parametersJson, toolParameters } from './tool-schema.ts'

export interface JinjaRenderingOptions {
  readonly tokens: PromptSource['tokens']
  readonly think: Think | undefined
  readonly now: () => Date
}

interface Said {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly Tool[]
}

/**
 * A conversation through the GGUF's Jinja template, with what llama-server gives it (upstream llm/llama_server.go):
 * earlier thinking is passed on only where the template stands for a renderer, `think` goes by the names of
 * thinkingVariables. What the template would leave out is told as it hears it. A conversation that it refuses is tried
 * again without empty answers and with its neighbours of one role joined, as the parts of one message come as several,
 * with ids of calls as Mistral wants them, and with tools whose arguments cannot be null: Hermes 3 never comes to an end
 * over `["string", "null"]`.
 * @throws Problem 500 with the template's text
 */
export function renderJinja(choice: JinjaChoice, said: Said, options: JinjaRenderingOptions): string {
  let told = said
  try {
    told = { ...said, messages: asHeard(choice, said.messages) }
    return rendered(choice, told, options)
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error
    const last = told.messages.at(-1)
    const isBegunThinking = (message: ChatMessage) => message === last && Boolean(message.thinking)
    const messages = joinedNeighbours(
      told.messages.filter(message => !isEmptyAnswer(message) || isBegunThinking(message)),
    )
    const tools = told.tools.map(withoutNullTypes)
    const again =
      messages.length < told.messages.length ||
      messages.some(({ role, toolCalls }) => role === 'tool' || toolCalls?.length) ||
      JSON.stringify(tools).length < JSON.stringify(told.tools).length
    const text = again ? renderedOrNone(choice, { messages: withShortIds(messages), tools }, options) : undefined
    if (text === undefined) throw new Problem('invalid-request', 500, error.message)
    return text
  }
}

function renderedOrNone(choice: JinjaChoice, said: Said, options: JinjaRenderingOptions): string | undefined {
  try {
    return rendered(choice, said, options)
  } catch (error) {
    if (error instanceof JinjaError) return undefined
    throw error
  }
}

/** @throws JinjaError */
function asHeard({ source }: JinjaChoice, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const { laterSystem, severalCalls, showsCalls } = habitsOf(jinjaTemplate(source), source)
  const heard = laterSystem ? messages : systemAtBeginning(messages)
  if (!showsCalls) return heard.map(message => withCalls(message, inferredFormat(source)))
  return severalCalls ? heard : oneCallAtATime(heard)
}

/** The calls of an earlier answer in its text, as the model has written them (upstream model/renderers/lfm2.go). */
function withCalls(message: ChatMessage, { write }: OutputFormat): ChatMessage {
  const calls = message.toolCalls?.map(call => call.function) ?? []
  return write && calls.length > 0 ? { ...message, content: write(calls) + message.content } : message
}

function withoutNullTypes(tool: Tool): Tool {
  return JSON.parse(JSON.stringify(tool), (key, value) => {
    return key === 'type' && Array.isArray(value) ? value.filter(type => type !== 'null') : value
  })
}

function isEmptyAnswer({ role, content, toolCalls }: ChatMessage): boolean {
  return role === 'assistant' && content === '' && !toolCalls?.length
}

/** @throws JinjaError */
function rendered(
  { source, forRenderer = false }: JinjaChoice,
  { messages, tools }: Said,
  { tokens, think, now }: JinjaRenderingOptions,
): string {
  const begun = begunAnswer(messages)
  const finished = begun ? messages.slice(0, -1) : messages
  const template = jinjaTemplate(source)
  const habits = habitsOf(template, source)
  const sent = tools.map(jinjaTool)
  const told = habits.systemRole ? finished : mergedSystem(finished)
  const render = (wish: Think | undefined) =>
    renderTemplate(
      template,
      {
        messages: told.map(message => jinjaMessage(message, habits, forRenderer)),
        ...(tools.length > 0 ? { tools: sent } : {}),
        add_generation_prompt: true,
        bos_token: tokens.bosToken ?? '',
        eos_token: tokens.eosToken ?? '',
        ...thinkingVariables(wish, source),
        ...habitualVariables(source, now(), sent),
      },
      now,
    )
  const { thinking: tags } = inferredFormat(source)
  const first = render(think)
  // Thinking that was wished for and is over already: the template wants to be told how much (Hunyuan 3).
  const text = think === true && tags && endsThinking(first, tags) ? render('high') : first
  return begun ? continued(text, begun, tags) : text
}

/** Families gave the switch and the level different names; llama-server's are enable_thinking and reasoning_effort. */
function thinkingVariables(think: Think | undefined, source: string): Record<string, unknown> {
  if (think === undefined) return {}
  const thinks = Boolean(think)
  const level = typeof think === 'string' ? levelFor(think, source) : undefined
  return {
    enable_thinking: thinks,
    // Granite, DeepSeek, Kimi K3
    thinking: thinks,
    // MiniMax M3
    thinking_mode: thinks ? 'enabled' : 'disabled',
    ...(level ? { reasoning_effort: level, thinking_effort: level } : {}),
  }
}

/** Qwen 3.8 refuses levels that it does not know; its highest has a name of its own. */
function levelFor(level: ThinkLevel, source: string): string {
  const isKnown = source.includes(`'${level}'`) || !source.includes("'xhigh'")
  return !isKnown && (level === 'high' || level === 'max') ? 'xhigh' : level
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

/** For templates without a system role the first system text goes in front of the message behind it. */
function mergedSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const [system, next, ...rest] = messages
  if (system?.role !== 'system' || !next) return messages
  return [{ ...next, content: `${system.content}\n${next.content}` }, ...rest]
}

function jinjaMessage(
  { role, content, thinking, toolCalls, toolName, toolCallId }: ChatMessage,
  habits: Habits,
  forwardsThinking: boolean,
): Record<string, unknown> {
  return {
    role,
    content: habits.partsOnly ? [{ type: 'text', text: content }] : content,
    ...(forwardsThinking && thinking ? { reasoning_content: thinking } : {}),
    ...(toolCallId ? { tool_call_id: toolCallId } : {}),
    ...(toolName ? { name: toolName } : {}),
    ...(toolCalls?.length ? { tool_calls: toolCalls.map(call => jinjaCall(call, habits)) } : {}),
  }
}

function jinjaCall({ id, function: { index = 0, name, arguments: written } }: ToolCall, { objectArguments }: Habits) {
  const args = inWrittenOrder(written)
  return {
    id: id ?? '',
    index,
    type: 'function',
    function: { name, arguments: objectArguments ? args : JSON.stringify(args) },
  }
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
