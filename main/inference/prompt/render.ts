import type { GgufFacts, Model } from '../../library/model.ts'
import { Problem } from '../../problem.ts'
import type { ChatMessage, ChatRequest, GenerateTextRequest, Think, Tool } from '../requests.ts'
import { parseGoTemplate, renderGap, renderMessages } from './go-rendering.ts'
import { thinkingTags, toolCallTag } from './go-template/introspection.ts'
import { harmonyNames, renamed } from './harmony-names.ts'
import { placeImages } from './images.ts'
import { renderJinja } from './jinja-rendering.ts'
import { conversation, withoutOldThinking } from './messages.ts'
import { beginsThinking, type OutputFormat } from './output/format.ts'
import { inferredFormat } from './output/formats.ts'
import { harmony } from './output/harmony.ts'
import { markerFormat } from './output/marker-reader.ts'
import type { OutputPlan } from './output/output-parser.ts'
import { tagsIn } from './output/special-texts.ts'
import { templateCalls } from './output/template-calls.ts'
import {
  chooseTemplate,
  type GoTemplateSetting,
  isGptOss,
  isHarmony,
  parserFormat,
  type TemplateChoice,
} from './template-choice.ts'
import { dropUntilFits, type PromptRoom } from './truncate.ts'

/** A prompt ready for the engine, and how to read the answer to it. */
export interface RenderedPrompt {
  /**
   * Text whose special tokens are parsed; `[img-N]` stands for `images[N]` (see splitAtImages). A BOS that the
   * tokenizer adds is not in it.
   */
  readonly text: string
  readonly images: readonly Uint8Array[]
  /** Texts that end the answer, beside those of request and model. */
  readonly stop: readonly string[]
  /** Special tokens whose text the output parser must see. */
  readonly preservedTokens: readonly string[]
  /** For createOutputParser. */
  readonly output: OutputPlan
}

export interface RenderOptions {
  /** Settled by what the model can do: undefined for a model that does not think. */
  readonly think?: Think
  readonly goTemplate?: GoTemplateSetting
  /** See OutputPlan. */
  readonly tidies?: boolean
  /** Messages that do not fit are dropped; without it nothing is. */
  readonly room?: PromptRoom
  readonly now?: () => Date
}

/**
 * The prompt of a conversation.
 * @throws Problem 500 in the words of the template that failed, 400 for what the model cannot take
 */
export function renderChat(
  model: Model,
  facts: GgufFacts,
  { messages, tools }: Pick<ChatRequest, 'messages' | 'tools'>,
  options: RenderOptions = {},
): Promise<RenderedPrompt> {
  const all = withoutOldThinking(model, conversation(model, messages))
  return new Rendering(model, facts, options).messages(all, tools ?? [])
}

/**
 * The prompt of /api/generate: a text on its own, between two others, through a template of the request's, or through
 * the model's like a chat of one message (upstream server/routes.go, GenerateHandler).
 * @throws Problem 500 in the words of the template that failed
 */
export async function renderGenerate(
  model: Model,
  facts: GgufFacts,
  request: Pick<GenerateTextRequest, 'prompt' | 'suffix' | 'system' | 'template' | 'context' | 'raw' | 'images'>,
  options: RenderOptions = {},
): Promise<RenderedPrompt> {
  const { prompt, suffix, template, raw, images } = request
  const rendering = new Rendering(model, facts, options)
  if (raw) return rendering.raw(prompt, images ?? [])
  if (suffix) return rendering.gap(template || model.template || '', { prompt, suffix })
  const system = request.system || model.system
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system', content: system }] : []),
    ...(request.context ? [] : model.messages),
    { role: 'user', content: prompt, images },
  ]
  return template ? rendering.override(template, messages) : rendering.messages(messages, [])
}

class Rendering {
  readonly #model: Model
  readonly #facts: GgufFacts
  readonly #options: RenderOptions
  readonly #now: () => Date
  readonly #isHarmony: boolean

  constructor(model: Model, facts: GgufFacts, options: RenderOptions) {
    this.#model = model
    this.#facts = facts
    this.#options = options
    this.#now = options.now ?? (() => new Date())
    this.#isHarmony = isHarmony(model, facts)
  }

  async messages(messages: readonly ChatMessage[], tools: readonly Tool[]): Promise<RenderedPrompt> {
    const choice = chooseTemplate(this.#model, this.#facts, this.#options.goTemplate)
    const format = this.#format(choice, tools)
    const names = format === harmony ? harmonyNames(tools) : undefined
    const prepared = names ? renamed({ tools, messages }, names) : { tools, messages }
    const render = (some: readonly ChatMessage[]) => this.#render(choice, some, prepared.tools)
    const { room } = this.#options
    const fitting = room ? await dropUntilFits(prepared.messages, render, room) : undefined
    const kept = fitting?.messages ?? prepared.messages
    this.#refuseImages(kept)
    const { messages: placed, images } = placeImages(kept, choice.kind === 'go' ? 'front' : 'back')
    const text = fitting && images.length === 0 ? fitting.text : render(placed)
    return this.#rendered(text, images, format, tools, names)
  }

  /** A template that came with the request; nothing is dropped and the answer is read as the model's own template says. */
  override(source: string, messages: readonly ChatMessage[]): RenderedPrompt {
    const { messages: placed, images } = placeImages(messages, 'front')
    const text = renderMessages(parseGoTemplate(source), { messages: placed, tools: [] }, this.#goOptions())
    return this.#rendered(text, images, this.#format(this.#ownTemplate(), []), [])
  }

  gap(source: string, texts: { prompt: string; suffix: string }): RenderedPrompt {
    const text = renderGap(parseGoTemplate(source), texts, this.#goOptions())
    return this.#rendered(text, [], this.#format(this.#ownTemplate(), []), [])
  }

  /** The text as it is; only the thinking of a Go template is told apart. */
  raw(prompt: string, images: readonly Uint8Array[]): RenderedPrompt {
    const { template } = this.#model
    const format = template ? this.#goFormat(template, []) : markerFormat({})
    return this.#rendered(prompt, images, format, [])
  }

  #render(choice: TemplateChoice, messages: readonly ChatMessage[], tools: readonly Tool[]): string {
    if (choice.kind === 'go')
      return renderMessages(parseGoTemplate(choice.source), { messages, tools }, this.#goOptions())
    const options = { facts: this.#facts, think: this.#think(), now: this.#now }
    return renderJinja(choice.source, { messages, tools }, options)
  }

  #ownTemplate(): TemplateChoice {
    return chooseTemplate(this.#model, this.#facts, this.#options.goTemplate)
  }

  #goOptions() {
    return { think: this.#think(), now: this.#now }
  }

  /** gpt-oss knows no effort above high. */
  #think(): Think | undefined {
    const { think } = this.#options
    return think === 'max' && isGptOss(this.#model, this.#facts) ? 'high' : think
  }

  #format(choice: TemplateChoice, tools: readonly Tool[]): OutputFormat {
    const named = parserFormat(this.#model)
    if (named) return named
    if (this.#isHarmony) return harmony
    return choice.kind === 'jinja' ? inferredFormat(choice.source) : this.#goFormat(choice.source, tools)
  }

  /** Thinking is told apart only when it was asked for (upstream server/routes.go). */
  #goFormat(source: string, tools: readonly Tool[]): OutputFormat {
    const { root } = parseGoTemplate(source)
    const tags = this.#options.think ? thinkingTags(root) : undefined
    return markerFormat({
      thinking: tags && { open: tags.open, close: [tags.close] },
      calls: tools.length > 0 ? templateCalls(toolCallTag(root)) : undefined,
      keepsSpace: true,
    })
  }

  #rendered(
    rendered: string,
    images: readonly Uint8Array[],
    format: OutputFormat,
    tools: readonly Tool[],
    names?: ReadonlyMap<string, string>,
  ): RenderedPrompt {
    const text = this.#withoutBos(rendered)
    const readsCalls = tools.length > 0 || parserFormat(this.#model) !== undefined || format === harmony
    return {
      text,
      images,
      stop: format.stop ?? [],
      preservedTokens: [...new Set(format.markers.flatMap(marker => [marker, ...tagsIn(marker)]))],
      output: {
        format,
        context: { tools, prompt: text, readsCalls },
        toolNames: names && new Map([...names].map(([asked, told]) => [told, asked])),
        tidies: this.#options.tidies,
        thinks: beginsThinking(format, text) || (Boolean(this.#options.think) && format.thinking !== undefined),
      },
    }
  }

  /** The tokenizer's BOS and one from the template would be two (upstream llm/llama_server.go). */
  #withoutBos(text: string): string {
    const { addsBos, bosToken } = this.#facts
    if (!addsBos) return text
    const bos = [bosToken, '<bos>'].find(token => token && text.startsWith(token))
    return bos ? text.slice(bos.length) : text
  }

  #refuseImages(messages: readonly ChatMessage[]): void {
    const families = [this.#model.config.model_family, ...(this.#model.config.model_families ?? [])]
    if (families.includes('mllama') && messages.some(message => (message.images?.length ?? 0) > 1)) {
      throw new Problem(
        'invalid-request',
        400,
        'this model only supports one image while more than one image requested',
      )
    }
  }
}
