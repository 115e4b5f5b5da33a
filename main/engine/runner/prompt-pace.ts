/** Fewest tokens of a prompt worth a batch: below, llama.cpp's matrix kernels lose half their speed. */
const smallest = 64
/** Milliseconds a piece may take while others wait for their next token between the pieces. */
const besideOthers = 100

/**
 * How many tokens of a prompt to evaluate at once: the whole batch, which can be given up when nobody waits for it any
 * more; while other answers are being generated, as many as they can wait for.
 */
export class PromptPace {
  readonly #batchSize: number
  #tokensPerMillisecond = 0

  constructor(batchSize: number) {
    this.#batchSize = batchSize
  }

  /** @param shared whether another answer is being generated at the same time */
  limit(shared: boolean): number {
    if (!shared) return this.#batchSize
    const fitting = Math.floor((this.#tokensPerMillisecond * besideOthers) / smallest) * smallest
    return Math.min(this.#batchSize, Math.max(smallest, fitting))
  }

  record(tokens: number, milliseconds: number): void {
    if (tokens < smallest / 2 || milliseconds <= 0) return
    const now = tokens / milliseconds
    this.#tokensPerMillisecond = this.#tokensPerMillisecond === 0 ? now : this.#tokensPerMillisecond * 0.5 + now * 0.5
  }
}
