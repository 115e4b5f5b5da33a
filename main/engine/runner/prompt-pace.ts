/** Fewest tokens of a prompt worth a batch: below, llama.cpp's matrix kernels lose half their speed. */
const smallest = 64
/** Milliseconds a piece may take: the time until a cancelled prompt's slot is free, or a new request joins. */
const alone = 300
/** The same while others wait for their next token between the pieces. */
const besideOthers = 100

/**
 * How many tokens of a prompt to evaluate at once. A batch cannot be interrupted, so it is kept as short in time as it
 * can be without losing speed; on a GPU that is the whole batch size, on a small CPU a part of it.
 */
export class PromptPace {
  readonly #batchSize: number
  #tokensPerMillisecond = 0

  constructor(batchSize: number) {
    this.#batchSize = batchSize
  }

  /** @param shared whether another answer is being generated at the same time */
  limit(shared: boolean): number {
    const fitting = Math.floor((this.#tokensPerMillisecond * (shared ? besideOthers : alone)) / smallest) * smallest
    return Math.min(this.#batchSize, Math.max(smallest, fitting))
  }

  record(tokens: number, milliseconds: number): void {
    if (tokens < smallest / 2 || milliseconds <= 0) return
    const now = tokens / milliseconds
    this.#tokensPerMillisecond = this.#tokensPerMillisecond === 0 ? now : this.#tokensPerMillisecond * 0.5 + now * 0.5
  }
}
