import type { ChatMessage, Inference } from '../../inference/requests.ts'
import { eachOf } from '../../portions.ts'
import { asProblem } from '../../problem.ts'
import { titleRequest, writtenTitle } from './written-title.ts'

/** Milliseconds before it is tried again when the model had other things to do, and how often. */
const patience = 5_000
const mostTries = 20
/** Tokens of the longest title that can be used, with some that put it in quotes. */
const mostTokens = 48

/** What an untitled conversation is asked about. */
export interface Untitled {
  readonly model: string
  /** As it was asked last, with its answer: what the model has read already and need not read again. */
  readonly history: readonly ChatMessage[]
  /** Ollama's options of the conversation. */
  readonly options: Readonly<Record<string, unknown>>
  /** The first of the conversation. */
  readonly question: string
}

export interface TitleWriterOptions {
  readonly inference: Pick<Inference, 'chat'>
  /** Whether the person wants it. */
  readonly wanted: () => boolean
  /** @returns undefined for a conversation that needs no title, any more, or cannot be asked now */
  readonly untitled: (conversationId: string) => Promise<Untitled | undefined>
  readonly named: (conversationId: string, title: string) => Promise<void>
}

/**
 * Has models name conversations, one at a time, when nobody else wants them: nothing is loaded for it, and it gives way
 * to whatever is asked meanwhile. The request follows the conversation, so that the next question finds in the model's
 * cache what it would have found without. Whatever fails leaves the first words of the question.
 */
export class TitleWriter {
  readonly #options: TitleWriterOptions
  /** Conversations that wait, with how often they were tried. */
  readonly #waiting = new Map<string, number>()
  /** Those whose model had nothing to say; the next answer changes little. */
  readonly #given = new Set<string>()
  readonly #closed = new AbortController()
  #work: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: TitleWriterOptions) {
    this.#options = options
  }

  /** An answer of this conversation is finished. */
  answered(conversationId: string): void {
    if (this.#closed.signal.aborted || this.#given.has(conversationId) || !this.#options.wanted()) return
    this.#waiting.set(conversationId, 0)
    this.#begin()
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closed.abort()
    clearTimeout(this.#timer)
    await this.#work
  }

  #begin(): void {
    this.#work ??= this.#writeAll().finally(() => {
      this.#work = undefined
    })
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer)
    for (const [conversationId, tries] of this.#waiting) {
      if (this.#closed.signal.aborted) return
      this.#waiting.delete(conversationId)
      const busy = await this.#write(conversationId)
      if (busy && tries + 1 < mostTries && !this.#closed.signal.aborted) {
        this.#waiting.set(conversationId, tries + 1)
        this.#timer = setTimeout(() => this.#begin(), patience).unref()
        return
      }
    }
  }

  /** @returns whether it may be tried again, as the model had other things to do */
  async #write(conversationId: string): Promise<boolean> {
    const { untitled, named } = this.#options
    try {
      const asked = await untitled(conversationId)
      if (!asked) return false
      const title = writtenTitle(await this.#ask(asked), asked.question, saidIn(asked.history))
      if (title === undefined) this.#given.add(conversationId)
      else await named(conversationId, title)
      return false
    } catch (error) {
      const { code } = asProblem(error)
      return code === 'busy' || code === 'cancelled'
    }
  }

  async #ask({ model, history, options, question }: Untitled): Promise<string> {
    let answer = ''
    const events = this.#options.inference.chat(
      {
        model,
        messages: [...history, { role: 'user', content: titleRequest(question) }],
        options: { ...options, temperature: 0, num_predict: mostTokens },
        background: true,
        forPerson: true,
        think: false,
        // A history that leaves no room is not worth cutting: the model would have to read it again.
        truncate: false,
        shift: false,
      },
      this.#closed.signal,
    )
    for await (const event of eachOf(events)) {
      if (event.type === 'delta') answer += event.content
      if (event.type === 'done') break
    }
    return answer
  }
}

/** What was asked and answered, without what the model was told to be. */
const saidIn = (history: readonly ChatMessage[]): string =>
  history.flatMap(({ role, content }) => (role === 'system' ? [] : [content])).join('\n')
