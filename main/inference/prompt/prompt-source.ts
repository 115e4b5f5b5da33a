import type { GgufFacts, Model } from '../../library/model.ts'
import type { ChatMessage, ChatRequest, GenerateTextRequest, Think, Tool } from '../requests.ts'
import { answerFormat } from './answer-plan.ts'
import { conversation, withoutOldThinking } from './messages.ts'
import { harmony } from './output/harmony.ts'
import { chooseTemplate, isGptOss, type TemplateChoice, type TemplateWishes } from './template-choice.ts'

/** What one prompt is made of: plain data, so that a thread can make it. */
export interface PromptSource {
  readonly content: Conversation | Gap
  /** Settled by what the model can do: undefined for a model that does not think. */
  readonly think?: Think
  readonly tokens: Pick<GgufFacts, 'bosToken' | 'eosToken' | 'addsBos'>
}

/** Messages through a template. */
export interface Conversation {
  readonly kind: 'conversation'
  readonly template: TemplateChoice
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly Tool[]
  /** Functions are told under names that gpt-oss can write. */
  readonly renamesTools: boolean
  /** Messages may be dropped where they do not all fit. */
  readonly drops: boolean
  /** The model takes one picture a message. */
  readonly oneImage: boolean
}

/** The gap between two texts, through a Go template. */
export interface Gap {
  readonly kind: 'gap'
  readonly template: string
  readonly prompt: string
  readonly suffix: string
}

/** A text that is a prompt already. */
export interface RawSource {
  readonly raw: string
  readonly images: readonly Uint8Array[]
  readonly tokens: PromptSource['tokens']
}

/**
 * What the prompt of a conversation is made of.
 * @throws Problem 500 for an unknown renderer
 */
export function chatSource(
  model: Model,
  facts: GgufFacts,
  { messages, tools = [] }: Pick<ChatRequest, 'messages' | 'tools'>,
  options: TemplateWishes = {},
): PromptSource {
  const all = withoutOldThinking(model, conversation(model, messages))
  return source(model, facts, conversationOf(model, facts, { messages: all, tools }, options), options)
}

/**
 * What the prompt of /api/generate is made of: a text on its own, between two others, through a template of the
 * request's, or through the model's like a chat of one message (upstream server/routes.go, GenerateHandler).
 * @throws Problem 500 for an unknown renderer
 */
export function generateSource(
  model: Model,
  facts: GgufFacts,
  request: Pick<GenerateTextRequest, 'prompt' | 'suffix' | 'system' | 'template' | 'context' | 'raw' | 'images'>,
  options: TemplateWishes = {},
): PromptSource | RawSource {
  const { prompt, suffix, template, raw, images = [] } = request
  if (raw) return { raw: prompt, images, tokens: tokensOf(facts) }
  if (suffix) {
    return source(model, facts, { kind: 'gap', template: template || model.template || '', prompt, suffix }, options)
  }
  const system = request.system || model.system
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system', content: system }] : []),
    ...(request.context ? [] : model.messages),
    { role: 'user', content: prompt, images },
  ]
  const own = conversationOf(model, facts, { messages, tools: [] }, options)
  const content: Conversation = template ? { ...own, template: { kind: 'go', source: template }, drops: false } : own
  return source(model, facts, content, options)
}

/** Whether Ollama would make the prompt itself, and not leave that to llama-server (upstream llm/llama_server.go). */
export function isOllamaRendered(source: PromptSource | RawSource): boolean {
  if ('raw' in source || source.content.kind === 'gap') return true
  const { template } = source.content
  return template.kind === 'go' || template.forRenderer === true
}

function source(
  model: Model,
  facts: GgufFacts,
  content: PromptSource['content'],
  { think }: TemplateWishes,
): PromptSource {
  // gpt-oss knows no effort above high.
  const level = think === 'max' && isGptOss(model, facts) ? 'high' : think
  return { content, think: level, tokens: tokensOf(facts) }
}

function tokensOf({ bosToken, eosToken, addsBos }: GgufFacts): PromptSource['tokens'] {
  return { bosToken, eosToken, addsBos }
}

function conversationOf(
  model: Model,
  facts: GgufFacts,
  { messages, tools }: Pick<Conversation, 'messages' | 'tools'>,
  options: TemplateWishes,
): Conversation {
  const template = chooseTemplate(model, facts, options.goTemplate)
  const families = [model.config.model_family, ...(model.config.model_families ?? [])]
  return {
    kind: 'conversation',
    template,
    messages: knowsDevelopers(template) ? messages : messages.map(fromSystem),
    tools,
    renamesTools: answerFormat(model, facts, { tools, ...options }) === harmony,
    drops: true,
    oneImage: families.includes('mllama'),
  }
}

/**
 * Whether a template has a place for `developer`, which OpenAI's clients call the system. Others get it as `system`, as
 * llama-server gives it to all but gpt-oss (common/chat.cpp); most would leave its text out.
 */
const knowsDevelopers = ({ kind, source }: TemplateChoice): boolean =>
  source.includes(kind === 'jinja' ? '<|channel|>' : 'developer')

const fromSystem = (message: ChatMessage): ChatMessage =>
  message.role === 'developer' ? { ...message, role: 'system' } : message
