import { inWrittenOrder } from '../../go/json/key-order.ts'
import { goJson } from '../../go/text.ts'
import type { ToolCall } from '../../inference/requests.ts'
import { eachBecomes, type Portions } from '../../portions.ts'
import type { Part } from '../ollama/answer.ts'
import type { SseEvent } from '../sse.ts'
import { searchCall } from '../web-search.ts'
import { failedSearch } from './failed-search.ts'
import { type MessageStart, stopReason, thinkingBlock, usageJson } from './message.ts'

type Block = { readonly type: 'thinking'; readonly thinking: string } | { readonly type: 'text'; readonly text: string }

/**
 * An answer as the events of Anthropic's stream: blocks one after another, each opened, filled and closed (upstream
 * anthropic/anthropic.go, StreamConverter).
 */
export function messageEvents(start: MessageStart, parts: Portions<Part>): Portions<SseEvent> {
  const blocks = new Blocks()
  let started = false
  let calledTools = false
  let search: ToolCall | undefined
  return eachBecomes(parts, function* (part) {
    if (!started) yield event({ type: 'message_start', message: emptyMessage(start, part) })
    started = true
    if (start.searches) search ??= searchCall(part.toolCalls)
    // What a model says behind its search, it says without having seen what was found.
    if (!search) {
      if (part.thinking) yield* blocks.add({ type: 'thinking', thinking: part.thinking })
      if (part.content) yield* blocks.add({ type: 'text', text: part.content })
      for (const call of part.toolCalls) yield* blocks.call(call)
      calledTools ||= part.toolCalls.length > 0
    }
    if (!part.done) return
    yield* blocks.close()
    for (const block of search ? failedSearch(start.id, search) : []) yield* blocks.whole(block)
    const delta = { stop_reason: search ? 'end_turn' : stopReason(part.done, calledTools) }
    yield event({ type: 'message_delta', delta, usage: usageJson(part.done.metrics) })
    yield event({ type: 'message_stop' })
  })
}

const emptyMessage = ({ id, model, estimatedTokens }: MessageStart, { done }: Part): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  usage: { input_tokens: done?.metrics?.promptEvalCount || estimatedTokens, output_tokens: 0 },
})

/** The blocks of a message: at most one is open, and each has the next index. */
class Blocks {
  #index = 0
  #open: Block['type'] | undefined;

  /** A piece of text or thinking, in a new block unless one of its type is open. */
  *add(piece: Block): Generator<SseEvent> {
    if (this.#open !== piece.type) {
      yield* this.close()
      this.#open = piece.type
      yield this.#start(piece.type === 'text' ? { type: 'text', text: '' } : thinkingBlock(''))
    }
    yield this.#delta({ ...piece, type: `${piece.type}_delta` })
  }

  /** A call with all its arguments, which is a block of its own. */
  *call({ id, function: { name, arguments: input } }: ToolCall): Generator<SseEvent> {
    yield* this.close()
    yield this.#start({ type: 'tool_use', id: id || undefined, name, input: {} })
    yield this.#delta({ type: 'input_json_delta', partial_json: goJson(inWrittenOrder(input)) })
    yield this.#stop()
  }

  /** A block that comes with all it holds. */
  *whole(block: object): Generator<SseEvent> {
    yield this.#start(block)
    yield this.#stop()
  }

  *close(): Generator<SseEvent> {
    if (this.#open === undefined) return
    this.#open = undefined
    yield this.#stop()
  }

  #start(content_block: object): SseEvent {
    return event({ type: 'content_block_start', index: this.#index, content_block })
  }

  #delta(delta: object): SseEvent {
    return event({ type: 'content_block_delta', index: this.#index, delta })
  }

  #stop(): SseEvent {
    return event({ type: 'content_block_stop', index: this.#index++ })
  }
}

type EventData = { readonly type: string } & Readonly<Record<string, unknown>>

const event = (data: EventData): SseEvent => ({ event: data.type, data })
