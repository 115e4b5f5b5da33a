import { setImmediate } from 'node:timers/promises'
import type { DetectedTemplate } from '../../library/creation.ts'
import { JobThread } from '../../threads/job-thread.ts'
import { portions } from '../../threads/portions.ts'
import type { TemplateFacts } from './known-templates.ts'
import type { PromptSource } from './prompt-source.ts'
import type { RenderedPrompt } from './render.ts'
import type { FromPromptThread, PromptJob, ToPromptThread } from './thread-messages.ts'
import { type PromptRoom, withinReach } from './truncate.ts'

export interface PromptRoomOptions extends PromptRoom {
  /** Messages that do not fit are dropped. */
  readonly drops: boolean
}

/**
 * Renders prompts in a thread of their own: a template is a stranger's program, and a request may bring megabytes, or
 * tools by the thousand, which are rendered several times until they fit.
 */
export class PromptThread {
  readonly #thread: JobThread<ToPromptThread, FromPromptThread>

  /** @param path the bundled prompt-worker.js */
  constructor(path: string) {
    this.#thread = new JobThread({ path, name: 'the thread that renders prompts' })
  }

  /** Starts the thread, which the next prompt then finds ready. */
  start(): void {
    this.#thread.start()
  }

  /**
   * The prompt for a context of the room's size; of a text that is far too long for it, the ends.
   * @throws Problem as renderPrompt does, 500 when the thread ended
   */
  async render(
    source: PromptSource,
    { contextSize, drops, tokensPerImage, countTokens }: PromptRoomOptions,
  ): Promise<RenderedPrompt> {
    const reachable = drops ? sourceWithinReach(source, contextSize) : source
    const { sent, images } = withoutPictures(reachable)
    const job = this.#thread.begin()
    try {
      const whole: PromptJob = { source: sent, contextSize, room: drops ? { tokensPerImage } : undefined }
      for (const portion of portions(whole)) {
        job.tell({ type: 'portion', portion })
        if (portion.open.length > 0 || portion.into > 0) await setImmediate()
      }
      let said = await job.ask({ type: 'render' })
      while (said.type === 'count') said = await job.ask({ type: 'counted', tokens: await countTokens(said.text) })
      if (said.type !== 'rendered') throw new Error(`the thread that renders prompts said ${said.type}`)
      const { text, messages } = said
      return { text, images: said.images.map(number => images[number]!), messages }
    } catch (error) {
      job.tell({ type: 'drop' })
      throw error
    } finally {
      job.end()
    }
  }

  /** See detectTemplate: it runs the template, too. */
  async detectTemplate({ chatTemplate, bosToken, eosToken }: TemplateFacts): Promise<DetectedTemplate | undefined> {
    const job = this.#thread.begin()
    try {
      const said = await job.ask({ type: 'detect', facts: { chatTemplate, bosToken, eosToken } })
      return said.type === 'detected' ? said.template : undefined
    } finally {
      job.end()
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

function sourceWithinReach(source: PromptSource, contextSize: number): PromptSource {
  const { content } = source
  if (content.kind !== 'conversation') return source
  return { ...source, content: { ...content, messages: withinReach(content.messages, contextSize) } }
}

/** The source with empty pictures, and those it had. */
function withoutPictures(source: PromptSource): { sent: PromptSource; images: readonly Uint8Array[] } {
  const { content } = source
  const images: Uint8Array[] = []
  const emptied = (pictures: readonly Uint8Array[]): Uint8Array[] => {
    images.push(...pictures)
    return pictures.map(() => new Uint8Array())
  }
  if (content.kind === 'gap') return { sent: source, images }
  const messages = content.messages.map(message =>
    message.images?.length ? { ...message, images: emptied(message.images) } : message,
  )
  return { sent: { ...source, content: { ...content, messages } }, images }
}
