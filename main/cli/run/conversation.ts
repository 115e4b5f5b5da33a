import { parameterValue } from '../../library/modelfile-request.ts'
import type { AnswerPiece, ChatMessage, ShownModel } from '../api.ts'
import type { Server } from '../server.ts'
import { type RunSettings, requestSettings } from './settings.ts'

/** A conversation of the interactive mode: its model, what was said, and how it is asked. */
export class Conversation {
  model: string
  settings: RunSettings
  #shown: ShownModel
  #messages: ChatMessage[] = []
  #system: string | undefined

  constructor(model: string, shown: ShownModel, settings: RunSettings) {
    this.model = model
    this.settings = settings
    this.#shown = shown
  }

  get shown(): ShownModel {
    return this.#shown
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages
  }

  /** The system message the person set, instead of the model's. */
  get system(): string | undefined {
    return this.#system
  }

  set system(text: string | undefined) {
    this.#system = text
  }

  get perceives(): boolean {
    return (this.#shown.capabilities ?? []).some(capability => capability === 'vision' || capability === 'audio')
  }

  /** Goes on with another model, from the beginning. */
  change(model: string, shown: ShownModel): void {
    this.model = model
    this.#shown = shown
    this.#messages = []
    this.#system = undefined
    this.settings = { ...this.settings, options: {} }
  }

  /** Forgets what was said. */
  clear(): void {
    this.#messages = []
  }

  /** @throws ModelfileError in upstream's words for an unknown parameter or a wrong value */
  setParameter(name: string, values: readonly string[]): void {
    this.settings.options = { ...this.settings.options, [name]: parameterValue(name, values) }
  }

  say(content: string, images: readonly string[]): void {
    this.#messages.push({ role: 'user', content, ...(images.length > 0 && { images }) })
  }

  /** What was answered, also when it was stopped: the model remembers what the person read. */
  hear(content: string, thinking: string): void {
    this.#messages.push({ role: 'assistant', content, ...(thinking !== '' && { thinking }) })
  }

  /** Takes the question back that could not be answered. */
  takeBack(): void {
    if (this.#messages.at(-1)?.role === 'user') this.#messages.pop()
  }

  answer(server: Server, signal: AbortSignal): AsyncGenerator<AnswerPiece> {
    const system = this.#system === undefined ? [] : [{ role: 'system', content: this.#system }]
    const body = { model: this.model, messages: [...system, ...this.#messages], ...requestSettings(this.settings) }
    return server.lines<AnswerPiece>('/api/chat', { body, signal }, piece => piece.done === true)
  }

  /** The model with all that was set and said, as a request that creates a model. */
  asCreate(name: string): object {
    const said = this.#messages.map(({ role, content }) => ({ role, content }))
    return {
      model: name,
      name,
      from: this.model,
      ...(this.#system !== undefined && { system: this.#system }),
      ...(Object.keys(this.settings.options).length > 0 && { parameters: this.settings.options }),
      // What is given replaces the model's own examples, which were said before.
      ...(said.length > 0 && { messages: [...(this.#shown.messages ?? []), ...said] }),
    }
  }
}
