import { Mutex } from '../../mutex.ts'
import { Problem } from '../../problem.ts'
import type { Piece } from '../libllama/batch.ts'
import type { EmbeddingContext } from '../libllama/embedding-context.ts'
import type { Vocabulary } from '../libllama/vocabulary.ts'
import { checkTokens } from './known-tokens.ts'
import type { ThreadTuner } from './thread-tuner.ts'

/**
 * Tokens up to which texts share a batch. Every token of a batch is compared with every other, also with those of other
 * texts, which are masked out then: larger batches would cost more than the call that they save.
 */
const sharedTokens = 256

export interface EmbedderParts {
  readonly context: EmbeddingContext
  readonly vocabulary: Vocabulary
  /** Tokens that every text begins and ends with. */
  readonly begin: number | undefined
  readonly end: number | undefined
  /** Most texts of one batch. */
  readonly sequences: number
  /** A text may be longer than a batch: its vector is that of its last token. */
  readonly splits: boolean
  readonly tuner: ThreadTuner | undefined
}

interface Text {
  readonly tokens: readonly number[]
  vector?: Float32Array
}

/** Vectors of texts, pooled as the model says; several short texts are computed at once. */
export class Embedder {
  /** Tokens of one text: pooling over all of them needs them in one batch. */
  readonly longest: number
  readonly #parts: EmbedderParts
  readonly #mutex = new Mutex()

  constructor(parts: EmbedderParts) {
    this.#parts = parts
    const { contextSize, batchSize } = parts.context
    this.longest = parts.splits ? contextSize : Math.min(contextSize, batchSize)
  }

  /**
   * @param cancelled asked before each batch
   * @returns one vector a text, in order, and the tokens of all of them, the added ones included
   * @throws Problem `context-too-long`, or `invalid-request` for a text without tokens
   */
  embed(inputs: readonly (string | readonly number[])[], cancelled: () => boolean) {
    return this.#mutex.run(async () => {
      const texts: Text[] = []
      for (const input of inputs) texts.push({ tokens: await this.#tokens(input) })
      try {
        for (const batch of this.#batches(texts)) {
          if (cancelled()) break
          await this.#compute(batch)
        }
      } finally {
        this.#parts.tuner?.rest()
      }
      const vectors = texts.flatMap(({ vector }) => vector ?? [])
      return { vectors, promptTokens: texts.reduce((sum, { tokens }) => sum + tokens.length, 0) }
    })
  }

  async #tokens(input: string | readonly number[]): Promise<number[]> {
    const { begin, end, vocabulary } = this.#parts
    const tokens = typeof input === 'string' ? Array.from(await vocabulary.tokenize(input, true)) : [...input]
    checkTokens(tokens, vocabulary.size)
    if (begin !== undefined && tokens[0] !== begin) tokens.unshift(begin)
    if (end !== undefined && tokens.at(-1) !== end) tokens.push(end)
    if (tokens.length === 0) throw new Problem('invalid-request', 400, 'the input is empty')
    // The words of upstream server/routes.go.
    if (tokens.length > this.longest) {
      throw new Problem('context-too-long', 400, 'the input length exceeds the context length')
    }
    return tokens
  }

  /** Neighbours together, as many as may share; what is longer stays alone. */
  *#batches(texts: readonly Text[]): Generator<Text[]> {
    const most = Math.min(sharedTokens, this.#parts.context.batchSize)
    let batch: Text[] = []
    let tokens = 0
    for (const text of texts) {
      const isFull = batch.length === this.#parts.sequences || tokens + text.tokens.length > most
      if (isFull && batch.length > 0) {
        yield batch
        batch = []
        tokens = 0
      }
      batch.push(text)
      tokens += text.tokens.length
    }
    if (batch.length > 0) yield batch
  }

  async #compute(batch: readonly Text[]): Promise<void> {
    const { context, tuner } = this.#parts
    context.clear()
    const longest = Math.max(...batch.map(({ tokens }) => tokens.length))
    // More than one step only for a text that is longer than a batch, and alone then.
    for (let from = 0; from < longest; from += context.batchSize) {
      const pieces = batch.map(
        ({ tokens }, sequence): Piece => ({
          tokens: tokens.slice(from, from + context.batchSize),
          from,
          sequence,
          outputs: 'all',
        }),
      )
      if (tuner) context.setThreads(tuner.begin())
      const vectors = await context.vectors(pieces)
      tuner?.end(pieces.reduce((sum, { tokens }) => sum + tokens.length, 0))
      for (const [index, text] of batch.entries()) text.vector = vectors[index]!
    }
  }
}
