import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { Problem } from '../../problem.ts'
import type { ChatMessage, Tool } from '../requests.ts'
import { withoutBos } from './bos.ts'
import { parseGoTemplate, renderGap, renderMessages } from './go-rendering.ts'
import { harmonyNames, renamed } from './harmony-names.ts'
import { type ImagePlace, placeImages } from './images.ts'
import { renderJinja } from './jinja-rendering.ts'
import { guides } from './messages.ts'
import type { Conversation, PromptSource } from './prompt-source.ts'
import { dropUntilFits, type PromptRoom } from './truncate.ts'

/** A prompt ready for the engine. */
export interface RenderedPrompt {
  /**
   * Text whose special tokens are parsed; `[img-N]` stands for `images[N]` (see splitAtImages). A BOS that the
   * tokenizer adds is not in it.
   */
  readonly text: string
  readonly images: readonly Uint8Array[]
  /**
   * How many messages of a conversation are in it, system's and developer's messages aside; those before them did not
   * fit.
   */
  readonly messages: number
}

export interface RenderOptions {
  /** Messages that do not fit are dropped; without it nothing is. */
  readonly room?: PromptRoom
  readonly now?: () => Date
}

/** Milliseconds that the renderings of one prompt may take: a long chat is rendered anew while it is shortened. */
const patience = 10_000

/**
 * Renders a prompt through its template.
 * @throws Problem 500 in the words of the template that failed, 400 for what the model cannot take
 */
export async function renderPrompt(source: PromptSource, options: RenderOptions = {}): Promise<RenderedPrompt> {
  const { content, think } = source
  const now = options.now ?? (() => new Date())
  switch (content.kind) {
    case 'gap': {
      const text = renderGap(parseGoTemplate(content.template), content, { think, now })
      return { text: withoutBos(text, source.tokens), images: [], messages: 0 }
    }
    case 'conversation': {
      const prompt = await renderConversation(source, content, { ...options, now })
      return { ...prompt, text: withoutBos(prompt.text, source.tokens) }
    }
  }
}

async function renderConversation(
  source: PromptSource,
  content: Conversation,
  { room, now }: RenderOptions & { now: () => Date },
): Promise<RenderedPrompt> {
  const { template, drops, oneImage } = content
  const { messages, tools } = content.renamesTools ? renamed(content, harmonyNames(content.tools)) : content
  const render = inTime((some: readonly ChatMessage[]) => renderOnce(source, template, { messages: some, tools }, now))
  const fitting = room && drops ? await dropUntilFits(messages, render, room) : undefined
  const kept = fitting?.messages ?? messages
  if (oneImage) refuseSecondImages(kept)
  const { messages: placed, images } = placeImages(kept, imagePlace(template))
  const text = fitting && images.length === 0 ? fitting.text : await render(placed)
  return { text, images, messages: kept.filter(message => !guides(message)).length }
}

function imagePlace(template: Conversation['template']): ImagePlace {
  if (template.kind === 'go') return 'front'
  return template.forRenderer ? 'apart' : 'back'
}

function renderOnce(
  { think, tokens }: PromptSource,
  template: Conversation['template'],
  said: { messages: readonly ChatMessage[]; tools: readonly Tool[] },
  now: () => Date,
): string {
  if (template.kind === 'go') return renderMessages(parseGoTemplate(template.source), said, { think, now })
  return renderJinja(template, said, { tokens, think, now })
}

/** Other prompts get their turn between two renderings; who has taken too long gets none any more. */
function inTime<In>(render: (input: In) => string): (input: In) => Promise<string> {
  let spent = 0
  return async input => {
    if (spent > 0) await setImmediate()
    if (spent > patience) throw new Problem('invalid-request', 500, 'the template takes too long')
    const began = performance.now()
    try {
      return render(input)
    } finally {
      spent += performance.now() - began
    }
  }
}

function refuseSecondImages(messages: readonly ChatMessage[]): void {
  if (messages.every(({ images = [] }) => images.length <= 1)) return
  throw new Problem('invalid-request', 400, 'this model only supports one image while more than one image requested')
}
