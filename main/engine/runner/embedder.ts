import { LlamaVocabularyType } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadedModel } from './load-model.ts'

/** llama.h, LLAMA_POOLING_TYPE_LAST; without pooling the last token stands for the text, too. */
const poolsLastToken = new Set<unknown>([undefined, 0, 3])

/**
 * Vectors of texts, pooled as the model says. One text is one batch: the library gives out the vector of one sequence
 * only.
 */
export class Embedder {
  readonly #loaded: LoadedModel
  readonly #begin: number | null
  readonly #end: number | null
  /** Tokens of one text: pooling over all of them needs them in one batch. */
  readonly #longest: number
  #turn: Promise<unknown> = Promise.resolve()

  constructor(loaded: LoadedModel) {
    this.#loaded = loaded
    const { model, context, parts } = loaded
    const isWordPiece = model.vocabularyType === LlamaVocabularyType.wpm
    this.#begin = isWordPiece || parts.model.shouldPrependBosToken() ? model.tokens.bos : null
    if (isWordPiece) this.#end = model.tokens.sep
    else this.#end = parts.model.shouldAppendEosToken() ? model.tokens.eos : null
    const pooling = (model.fileInfo.architectureMetadata as { pooling_type?: unknown }).pooling_type
    const splits = poolsLastToken.has(pooling) && model.fileInsights.hasDecoder
    this.#longest = splits ? context.contextSize : Math.min(context.contextSize, context.batchSize)
  }

  get longest(): number {
    return this.#longest
  }

  /**
   * @param cancelled asked before each text
   * @returns one vector a text, in order, and the tokens of all of them, the added ones included
   * @throws Problem `context-too-long`, or `invalid-request` for a text without tokens
   */
  embed(inputs: readonly (string | readonly number[])[], cancelled: () => boolean) {
    const done = this.#turn.then(async () => {
      const texts = inputs.map(input => this.#tokens(input))
      const vectors: Float32Array[] = []
      for (const tokens of texts) {
        if (cancelled()) break
        vectors.push(await this.#vector(tokens))
      }
      return { vectors, promptTokens: texts.reduce((sum, tokens) => sum + tokens.length, 0) }
    })
    this.#turn = done.catch(() => {})
    return done
  }

  #tokens(input: string | readonly number[]): number[] {
    const tokens = typeof input === 'string' ? this.#loaded.vocabulary.tokenize(input, true) : [...input]
    if (this.#begin !== null && tokens[0] !== this.#begin) tokens.unshift(this.#begin)
    if (this.#end !== null && tokens.at(-1) !== this.#end) tokens.push(this.#end)
    if (tokens.length === 0) throw new Problem('invalid-request', 400, 'the input is empty')
    // The words of upstream server/routes.go.
    if (tokens.length > this.#longest) {
      throw new Problem('context-too-long', 400, 'the input length exceeds the context length')
    }
    return tokens
  }

  async #vector(tokens: readonly number[]): Promise<Float32Array> {
    const { parts, context, cpu } = this.#loaded
    const native = parts.context
    if (cpu) native.setThreads(cpu.threads())
    native.disposeSequence(0)
    for (let from = 0; from < tokens.length; from += context.batchSize) {
      const piece = Uint32Array.from(tokens.slice(from, from + context.batchSize))
      native.initBatch(piece.length)
      native.addToBatch(
        0,
        from,
        piece,
        piece.map((_, index) => index),
      )
      await native.decodeBatch()
    }
    return Float32Array.from(native.getEmbedding(tokens.length))
  }
}
