import koffi, { type TypeObject } from 'koffi'
import type { Piece } from './batch.ts'
import type { Context } from './context.ts'
import { declare, type Pointer } from './declare.ts'
import type { Libraries } from './libraries.ts'
import { modelFacts } from './model.ts'

/** llama.h, enum llama_pooling_type */
const pooling = { none: 0, rank: 4 } as const

/**
 * A context for vectors, of up to a whole batch of texts at once: node-llama-cpp's addon gives out the vector of one
 * sequence alone.
 */
export class EmbeddingContext {
  readonly #context: Context
  readonly #native: ReturnType<typeof declared>
  readonly #isPooled: boolean
  readonly #vectorType: TypeObject

  /** @param context made for embeddings */
  constructor(libraries: Libraries, model: Pointer, context: Context) {
    this.#context = context
    this.#native = declared(libraries)
    const kind = this.#native.poolingType(context.pointer)
    this.#isPooled = kind !== pooling.none
    const { rankWidth, vectorWidth } = modelFacts(libraries, model)
    this.#vectorType = koffi.array('float', kind === pooling.rank ? rankWidth : vectorWidth, 'Typed')
  }

  /** Tokens. */
  get contextSize(): number {
    return this.#context.contextSize
  }

  get batchSize(): number {
    return this.#context.batchSize
  }

  setThreads(threads: number): void {
    this.#context.setThreads(threads)
  }

  /** Forgets all sequences. */
  clear(): void {
    this.#context.clearAll()
  }

  /**
   * Computes one batch in a thread of its own.
   * @param pieces of different sequences, all outputs wanted
   * @returns the vector of each piece's text so far: as the model pools it, or of its last token
   */
  async vectors(pieces: readonly Piece[]): Promise<Float32Array[]> {
    await this.#context.decodeInThread(pieces)
    let end = 0
    return pieces.map(({ tokens, sequence }) => {
      end += tokens.length
      const address = this.#isPooled
        ? this.#native.ofSequence(this.#context.pointer, sequence)
        : this.#native.ofToken(this.#context.pointer, end - 1)
      if (address === null) throw new Error('llama.cpp made no vector')
      return koffi.decode(address, this.#vectorType) as Float32Array
    })
  }
}

function declared({ llama }: Libraries) {
  const vector = (name: string) =>
    declare<(context: Pointer, which: number) => Pointer | null>(llama, name, 'void *', 'void *', 'int32')
  return {
    poolingType: declare<(context: Pointer) => number>(llama, 'llama_pooling_type', 'int32', 'void *'),
    ofSequence: vector('llama_get_embeddings_seq'),
    ofToken: vector('llama_get_embeddings_ith'),
  }
}
