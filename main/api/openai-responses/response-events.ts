import { goMapJson } from '../../go/text.ts'
import type { ToolCall } from '../../inference/requests.ts'
import { eachBecomes, type Portions } from '../../portions.ts'
import type { Problem } from '../../problem.ts'
import type { Part } from '../ollama/answer.ts'
import type { SseEvent } from '../sse.ts'
import { noSearch, searchCall } from '../web-search.ts'
import { callId, messageId, reasoningId, responseId } from './ids.ts'
import { callArguments, callItem, messageItem, reasoningItem, summaryPart, textPart } from './output-items.ts'
import { type ResponseState, responseJson, unixTime, usageJson } from './response.ts'
import type { EchoedRequest } from './responses-request.ts'

/** The item that is being filled. */
interface OpenItem {
  readonly type: 'reasoning' | 'message'
  readonly id: string
  text: string
}

/**
 * One response as the events of the Responses API: items one after another, each added, filled and done; the last event
 * tells the whole (upstream openai/responses.go, ResponsesStreamConverter). Text that comes after a call is left out,
 * as it is from a response told at once.
 */
export class ResponseEvents {
  readonly #request: EchoedRequest
  readonly #searches: boolean
  readonly #id = responseId()
  readonly #createdAt = unixTime()
  /** What is done; the next item has this length as its index. */
  readonly #output: object[] = []
  #sequence = 0
  #open: OpenItem | undefined
  #calls = 0

  /** @param searches a call of the web search is one that fails */
  constructor(request: EchoedRequest, searches = false) {
    this.#request = request
    this.#searches = searches
  }

  of(parts: Portions<Part>): Portions<SseEvent> {
    return eachBecomes(parts, part => this.#tell(part))
  }

  *#tell(part: Part): Generator<SseEvent> {
    if (this.#sequence === 0) {
      yield this.#lifecycle('response.created', { status: 'in_progress' })
      yield this.#lifecycle('response.in_progress', { status: 'in_progress' })
    }
    if (this.#searches && searchCall(part.toolCalls)) throw noSearch()
    if (part.thinking) yield* this.#think(part.thinking)
    for (const call of part.toolCalls) yield* this.#call(call)
    if (part.content && this.#calls === 0) yield* this.#say(part.content)
    if (!part.done) return
    yield* this.#close()
    yield this.#lifecycle('response.completed', {
      status: 'completed',
      completedAt: unixTime(),
      usage: usageJson(part.done.metrics),
    })
  }

  /** The last event of a response that broke off. */
  failed({ message }: Problem): SseEvent {
    return this.#lifecycle('response.failed', { status: 'failed', error: { code: 'server_error', message } })
  }

  *#think(delta: string): Generator<SseEvent> {
    // The empty summary is there from the start: OpenAI's own client adds to it, and fails where there is none.
    yield* this.#fill('reasoning', id => ({ id, type: 'reasoning', summary: [summaryPart('')] }), delta)
    yield this.#event('response.reasoning_summary_text.delta', { ...this.#place(), summary_index: 0, delta })
  }

  *#say(delta: string): Generator<SseEvent> {
    const added = yield* this.#fill('message', id => messageItem(id, 'in_progress', []), delta)
    if (added) {
      yield this.#event('response.content_part.added', { ...this.#place(), content_index: 0, part: textPart('') })
    }
    yield this.#event('response.output_text.delta', { ...this.#place(), content_index: 0, delta, logprobs: [] })
  }

  /** Adds text to the open item of that type, which is added first if it is not there; tells whether it was. */
  *#fill(type: OpenItem['type'], item: (id: string) => object, text: string): Generator<SseEvent, boolean> {
    if (this.#open?.type === type) {
      this.#open.text += text
      return false
    }
    yield* this.#close()
    this.#open = { type, id: type === 'message' ? messageId() : reasoningId(), text }
    yield this.#itemEvent('added', item(this.#open.id))
    return true
  }

  *#call(call: ToolCall): Generator<SseEvent> {
    yield* this.#close()
    const id = callId(this.#calls++)
    const place = { item_id: id, output_index: this.#output.length }
    yield this.#itemEvent('added', callItem(id, 'in_progress', call))
    yield this.#event('response.function_call_arguments.delta', { ...place, delta: callArguments(call) })
    yield this.#event('response.function_call_arguments.done', { ...place, arguments: callArguments(call) })
    yield this.#done(callItem(id, 'completed', call))
  }

  *#close(): Generator<SseEvent> {
    if (!this.#open) return
    const { type, id, text } = this.#open
    const place = this.#place()
    this.#open = undefined
    if (type === 'reasoning') {
      yield this.#event('response.reasoning_summary_text.done', { ...place, summary_index: 0, text })
      yield this.#done(reasoningItem(id, text))
      return
    }
    const part = textPart(text)
    yield this.#event('response.output_text.done', { ...place, content_index: 0, text, logprobs: [] })
    yield this.#event('response.content_part.done', { ...place, content_index: 0, part })
    yield this.#done(messageItem(id, 'completed', [part]))
  }

  #done(item: object): SseEvent {
    const event = this.#itemEvent('done', item)
    this.#output.push(item)
    return event
  }

  #itemEvent(step: 'added' | 'done', item: object): SseEvent {
    return this.#event(`response.output_item.${step}`, { output_index: this.#output.length, item })
  }

  /** Where the open item stands. */
  #place(): { item_id: string; output_index: number } {
    return { item_id: this.#open!.id, output_index: this.#output.length }
  }

  #lifecycle(type: string, change: Partial<ResponseState> & Pick<ResponseState, 'status'>): SseEvent {
    const same = { id: this.#id, createdAt: this.#createdAt, output: this.#output }
    const state = { ...same, completedAt: null, usage: null, error: null, ...change }
    return this.#event(type, { response: responseJson(this.#request, state) })
  }

  /** Upstream writes these events from maps: their keys are sorted. */
  #event(type: string, data: object): SseEvent {
    return { event: type, data: goMapJson({ ...data, type, sequence_number: this.#sequence++ }) }
  }
}
