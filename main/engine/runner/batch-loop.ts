import { Problem } from '../../problem.ts'
import type { Piece } from '../libllama/batch.ts'
import type { Context } from '../libllama/context.ts'
import type { Answer } from './answer.ts'
import { PromptPace } from './prompt-pace.ts'
import type { ReadingBatch } from './reading-batch.ts'
import { type MemoryKind, SequenceCache, type SequenceMemory } from './sequence-cache.ts'
import type { ThreadTuner } from './thread-tuner.ts'

type Tuner = Pick<ThreadTuner, 'begin' | 'end' | 'rest'>

/**
 * Milliseconds a prompt must take, token by token, for other threads to be woken for it; in one batch it takes a third
 * of that. One that sleeps may be put on the core of the thread that waits for it, spinning, until the system's next
 * tick: ten milliseconds on many a Linux.
 */
const worthWaking = 32

/** Tokens in front of a piece of a prompt from which it takes a small model longest to look back at them. */
const longMemory = 256

/** Who chooses the threads: a prompt gains by more of them where single tokens, held up by memory, do not. */
export interface BatchTuners {
  readonly reading: Tuner
  readonly drawing: Tuner
}

export interface BatchLoopOptions {
  readonly slots: number
  /** Tokens one slot holds. */
  readonly contextSize: number
  /** Most tokens of one batch, of all slots together. */
  readonly batchSize: number
  readonly memory: MemoryKind
  readonly reading: Pick<ReadingBatch, 'begin' | 'end'>
  /** Undefined where the number of threads does not matter. */
  readonly tuners: BatchTuners | undefined
  /** Called before a batch is computed, with the milliseconds it may take. */
  readonly onBatch: (milliseconds: number) => void
  /** Milliseconds since some fixed moment. */
  readonly now?: () => number
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
}

/**
 * Continuous batching: every turn decodes one batch with the next token of each answer and a piece of the prompts that
 * are still being read, and draws the next tokens, until nobody waits for anything. It holds up its thread.
 */
export class BatchLoop {
  readonly #context: SequenceMemory & Pick<Context, 'decode' | 'setThreads'>
  readonly #options: BatchLoopOptions
  readonly #slots: readonly Slot[]
  readonly #waiting: Answer[] = []
  readonly #pace: PromptPace
  readonly #now: () => number
  /** Whose time runs. */
  #tuner: Tuner | undefined
  #turns = 0
  /** Milliseconds of the last turn without a prompt; 0 before the first. */
  #tokenTime = 0

  constructor(context: SequenceMemory & Pick<Context, 'decode' | 'setThreads'>, options: BatchLoopOptions) {
    this.#context = context
    this.#options = options
    this.#pace = new PromptPace(options.batchSize)
    this.#now = options.now ?? (() => performance.now())
    this.#slots = Array.from({ length: options.slots }, (_, sequence) => ({
      cache: new SequenceCache(context, sequence, options.memory, options.slots),
      answer: undefined,
      lastUsed: 0,
    }))
  }

  /** Queues an answer; those that find no free slot wait in order. */
  add(answer: Answer): void {
    this.#waiting.push(answer)
  }

  /** Computes one batch. @returns false when there was nothing to compute */
  turn(): boolean {
    let parts: Part[] = []
    try {
      this.#release()
      this.#assign()
      parts = this.#plan()
      if (parts.length === 0) {
        this.#tuner?.rest()
        return false
      }
      this.#turns++
      const isReading = parts.some(({ tokens }) => tokens.length > 1)
      this.#options.onBatch(isReading ? Number.POSITIVE_INFINITY : this.#tokenTime)
      const startedAt = this.#now()
      if (!this.#evaluate(parts, isReading)) return true
      const time = this.#now() - startedAt
      this.#pace.record(tokensOf(parts), time)
      if (!isReading) this.#tokenTime = time
    } catch (error) {
      this.#giveUp(parts, error)
    }
    return true
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
    const answers = this.#slots.flatMap(({ answer }) => (answer && !answer.isPaused ? [answer] : []))
    for (const answer of answers) answer.makeRoom(contextSize)
    const next = answers.filter(answer => answer.pending.length === 1)
    const reading = answers.filter(answer => answer.pending.length > 1)
    const parts = next.map(answer => ({ answer, tokens: answer.pending, draws: true }))
    let room = Math.min(batchSize - parts.length, this.#pace.limit(next.length > 0))
    for (const answer of reading) {
      if (room <= 0) break
      const tokens = answer.pending.slice(0, Math.min(room, answer.untilCheckpoint))
      room -= tokens.length
      parts.push({ answer, tokens, draws: tokens.length === answer.pending.length })
    }
    return parts
  }

  /** @returns false when the batch was given up */
  #evaluate(parts: readonly Part[], isReading: boolean): boolean {
    const { tuners } = this.#options
    const tuner = this.#isSoonRead(parts) ? undefined : tuners?.[isReading ? 'reading' : 'drawing']
    if (tuner !== this.#tuner) this.#tuner?.rest()
    this.#tuner = tuner
    if (tuners) this.#context.setThreads(tuner?.begin() ?? 1)
    if (!this.#decode(parts)) {
      for (const { answer } of parts) answer.givenUp()
      return false
    }
    for (const { answer, tokens } of parts) answer.evaluated(tokens.length)
    let end = 0
    for (const { answer, tokens, draws } of parts) {
      end += tokens.length
      if (draws && !answer.cancelled) this.#draw(answer, end - 1)
    }
    tuner?.end(tokensOf(parts))
    return true
  }

  /** Nothing but short prompts, which a small model has read on one thread before another is awake. */
  #isSoonRead(parts: readonly Part[]): boolean {
    const time = tokensOf(parts) * this.#tokenTime
    const isShort = ({ answer }: Part) => answer.inPrompt && answer.cache.length < longMemory
    return time > 0 && time < worthWaking && parts.every(isShort)
  }

  /** @returns false when it was given up, because nobody waits any more for the prompts that were all it read */
  #decode(parts: readonly Part[]): boolean {
    const { reading } = this.#options
    const readsAlone = parts.every(({ answer }) => answer.inPrompt)
    reading.begin(readsAlone ? parts.map(({ answer }) => answer.id) : [])
    try {
      return this.#context.decode(parts.map(pieceOf))
    } finally {
      reading.end()
    }
  }

  /** One answer that cannot go on does not end the others of its batch. @param at place in the batch */
  #draw(answer: Answer, at: number): void {
    const { wishes } = answer
    try {
      if (wishes.maxTokens <= 0) this.#finish(answer, () => answer.full())
      else if (answer.draw(at)) this.#finish(answer)
      else if (!wishes.shift && answer.cache.length + 1 >= this.#options.contextSize) {
        this.#finish(answer, () => answer.full())
      }
    } catch (error) {
      this.#finish(answer, () => answer.fail(broken(error)))
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
   * one may have failed for any of them. Where even that goes wrong the process ends (text-thread.ts).
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
 * The slot that holds the longest beginning of the prompt, if the prompt goes on with what is in it. One that would
 * lose the larger part of its tokens, because it shares no more than a system prompt, is left to its own conversation:
 * then the least recently used one is taken.
 */
function bestSlot(slots: readonly Slot[], prompt: ArrayLike<number>): Slot {
  const shared = new Map(slots.map(slot => [slot, slot.cache.commonPrefix(prompt)]))
  const closest = slots.reduce((best, slot) => (shared.get(slot)! > shared.get(best)! ? slot : best))
  if (shared.get(closest)! > closest.cache.length / 2) return closest
  return slots.reduce((oldest, slot) => (slot.lastUsed < oldest.lastUsed ? slot : oldest))
}

function pieceOf({ answer: { cache }, tokens, draws }: Part): Piece {
  return { tokens, from: cache.length, sequence: cache.sequence, outputs: draws ? 'last' : 'none' }
}

function tokensOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens.length, 0)
}

/** Worded as upstream reports a runner's error in the middle of an answer (llm/server.go). */
function broken(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  return new Problem('internal', 500, `an error was encountered while running the model: ${message}`)
}
