import { Problem } from '../../problem.ts'
import type { Answer } from './answer.ts'
import type { CpuShare } from './cpu-share.ts'
import type { NativeContext } from './llama-addon.ts'
import { PromptPace } from './prompt-pace.ts'
import { type MemoryKind, SequenceCache } from './sequence-cache.ts'
import type { TopLogits } from './token-logprobs.ts'

export interface BatchLoopOptions {
  readonly slots: number
  /** Tokens one slot holds. */
  readonly contextSize: number
  /** Most tokens of one batch, of all slots together. */
  readonly batchSize: number
  readonly memory: MemoryKind
  /** Undefined where the number of threads does not matter. */
  readonly cpu: CpuShare | undefined
}

interface Slot {
  readonly cache: SequenceCache
  answer: Answer | undefined
  lastUsed: number
}

/** A slot's share of one batch. */
interface Part {
  readonly answer: Answer
  readonly tokens: readonly number[]
  /** All pending tokens are in this batch, so a token can be drawn after it. */
  readonly draws: boolean
  /** Where the last token's logits are after decoding. */
  logits: number
}

interface Drawn {
  readonly token: number
  readonly top: TopLogits | undefined
}

/**
 * Continuous batching: every turn decodes one batch with the next token of each answer and a piece of the prompts that
 * are still being read, draws the next tokens, and begins again, until nobody waits for anything.
 */
export class BatchLoop {
  readonly #context: NativeContext
  readonly #options: BatchLoopOptions
  readonly #slots: readonly Slot[]
  readonly #waiting: Answer[] = []
  readonly #pace: PromptPace
  #running = false
  #turns = 0

  constructor(context: NativeContext, options: BatchLoopOptions) {
    this.#context = context
    this.#options = options
    this.#pace = new PromptPace(options.batchSize)
    this.#slots = Array.from({ length: options.slots }, (_, sequence) => ({
      cache: new SequenceCache(context, sequence, options.memory),
      answer: undefined,
      lastUsed: 0,
    }))
  }

  /** Queues an answer; those that find no free slot wait in order. */
  add(answer: Answer): void {
    this.#waiting.push(answer)
    this.wake()
  }

  /** To be called after an answer was cancelled or goes on after a pause. */
  wake(): void {
    if (this.#running) return
    this.#running = true
    void this.#run()
  }

  async #run(): Promise<void> {
    for (;;) {
      let parts: Part[] = []
      try {
        this.#release()
        this.#assign()
        parts = this.#plan()
        if (parts.length === 0) {
          this.#running = false
          return
        }
        this.#turns++
        const startedAt = performance.now()
        await this.#evaluate(parts)
        this.#pace.record(tokensOf(parts), performance.now() - startedAt)
      } catch (error) {
        this.#giveUp(parts, error)
      }
    }
  }

  /** Frees the slots of answers nobody wants any more. */
  #release(): void {
    for (const slot of this.#slots) {
      if (!slot.answer?.cancelled) continue
      slot.answer.dispose()
      slot.answer = undefined
    }
    for (let index = this.#waiting.length - 1; index >= 0; index--) {
      if (!this.#waiting[index]!.cancelled) continue
      this.#waiting[index]!.dispose()
      this.#waiting.splice(index, 1)
    }
  }

  #assign(): void {
    for (;;) {
      const free = this.#slots.filter(slot => !slot.answer)
      const answer = this.#waiting[0]
      if (!answer || free.length === 0) return
      this.#waiting.shift()
      const slot = bestSlot(free, answer.prompt)
      slot.answer = answer
      slot.lastUsed = this.#turns
      answer.begin(slot.cache)
    }
  }

  /** Next tokens first, so that a long prompt holds nobody up; the rest of the batch goes to prompts, oldest first. */
  #plan(): Part[] {
    const { batchSize, contextSize } = this.#options
    const answers = this.#slots.flatMap(({ answer }) => (answer && !answer.paused ? [answer] : []))
    for (const answer of answers) answer.makeRoom(contextSize)
    const next = answers.filter(answer => answer.pending.length === 1)
    const reading = answers.filter(answer => answer.pending.length > 1)
    const parts = next.map(answer => ({ answer, tokens: answer.pending, draws: true, logits: 0 }))
    let room = Math.min(batchSize - parts.length, this.#pace.limit(next.length > 0))
    for (const answer of reading) {
      if (room <= 0) break
      const tokens = answer.pending.slice(0, room)
      room -= tokens.length
      parts.push({ answer, tokens, draws: tokens.length === answer.pending.length, logits: 0 })
    }
    return parts
  }

  async #evaluate(parts: readonly Part[]): Promise<void> {
    const context = this.#context
    if (this.#options.cpu) context.setThreads(this.#options.cpu.threads())
    context.initBatch(tokensOf(parts))
    for (const part of parts) {
      const { cache } = part.answer
      const wanted = part.draws ? Uint32Array.of(part.tokens.length - 1) : new Uint32Array()
      const logits = context.addToBatch(cache.sequence, cache.length, Uint32Array.from(part.tokens), wanted)
      part.logits = logits[0] ?? 0
    }
    const drawing = parts.filter(({ draws, answer }) => draws && answer.request.maxTokens > 0)
    // The one worker thread of this process takes them in this order (see environment.ts), so sampling need not wait
    // for JavaScript to hear that the batch is decoded.
    const decoded = context.decodeBatch()
    const draws = Promise.allSettled(drawing.map(part => this.#draw(part)))
    await decoded.finally(() => draws)
    for (const { answer, tokens } of parts) answer.evaluated(tokens.length)
    for (const part of parts)
      if (part.draws && !drawing.includes(part)) this.#finish(part.answer, () => part.answer.full())
    for (const [index, drawn] of (await draws).entries()) await this.#continue(drawing[index]!, drawn)
  }

  async #draw({ answer, logits }: Part): Promise<Drawn> {
    const [token, top] = await Promise.all([
      this.#context.sampleToken(logits, answer.parts.sampler),
      answer.parts.logprobs?.top(logits),
    ])
    return { token, top }
  }

  async #continue(part: Part, drawn: PromiseSettledResult<Drawn>): Promise<void> {
    const { answer } = part
    if (answer.cancelled) return
    if (drawn.status === 'rejected' || drawn.value.token < 0) {
      // A complete grammar leaves nothing to draw when the model has no end-of-generation token.
      if (answer.parts.mayEnd()) this.#finish(answer, () => answer.exhausted())
      else this.#finish(answer, () => answer.fail(broken(drawn.status === 'rejected' ? drawn.reason : 'no token')))
      return
    }
    if (await answer.draw(drawn.value.token, part.logits, drawn.value.top)) this.#finish(answer)
    else if (!answer.request.shift && answer.cache.length + 1 >= this.#options.contextSize) {
      this.#finish(answer, () => answer.full())
    }
  }

  #finish(answer: Answer, end?: () => void): void {
    const slot = this.#slots.find(candidate => candidate.answer === answer)
    if (slot) {
      slot.answer = undefined
      slot.lastUsed = this.#turns
    }
    end?.()
  }

  /**
   * What a failed batch left in the context is unknown, so its sequences start anew; a turn that failed before it had
   * one may have failed for any of them. Where even that goes wrong the process ends (engine-process.ts).
   */
  #giveUp(parts: readonly Part[], error: unknown): void {
    const failed = new Set(parts.map(({ answer }) => answer))
    for (const { answer, cache } of this.#slots) {
      if (!answer || (failed.size > 0 && !failed.has(answer))) continue
      cache.clear()
      this.#finish(answer, () => answer.fail(broken(error)))
    }
  }
}

/**
 * The slot that holds the longest beginning of the prompt, if the prompt goes on with what is in it. One that would lose
 * the larger part of its tokens, because it shares no more than a system prompt, is left to its own conversation: then
 * the least recently used one is taken.
 */
function bestSlot(slots: readonly Slot[], prompt: readonly number[]): Slot {
  const shared = new Map(slots.map(slot => [slot, slot.cache.commonPrefix(prompt)]))
  const closest = slots.reduce((best, slot) => (shared.get(slot)! > shared.get(best)! ? slot : best))
  if (shared.get(closest)! > closest.cache.length / 2) return closest
  return slots.reduce((oldest, slot) => (slot.lastUsed < oldest.lastUsed ? slot : oldest))
}

function tokensOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens.length, 0)
}

/** Worded as upstream reports a runner's error in the middle of an answer (llm/server.go). */
function broken(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  return new Problem('internal', 500, `an error was encountered while running the model: ${message}`)
}
