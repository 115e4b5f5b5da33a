import { AbortFlag, abortFlagBytes } from '../libllama/abort-flag.ts'

/**
 * The prompts that the batch being computed reads, known to both threads of an engine: once nobody waits for any of
 * them, the first has the batch given up that the second computes. Only a batch that does nothing but read is entered
 * here.
 */
export class ReadingBatch {
  readonly flag: AbortFlag
  /** What another thread's is made with. */
  readonly memory: SharedArrayBuffer
  /** The answers' ids, 0 for none. */
  readonly #ids: Int32Array

  /** @param slots prompts of one batch at most, or the memory of another thread's */
  constructor(slots: number | SharedArrayBuffer) {
    this.memory = typeof slots === 'number' ? new SharedArrayBuffer(4 * slots + abortFlagBytes) : slots
    this.#ids = new Int32Array(this.memory, 0, Math.floor(this.memory.byteLength / 4))
    this.flag = new AbortFlag(this.memory, this.#ids.byteLength)
  }

  /** Before the batch is computed. A cancellation between hearing the last one and this waits for the batch's end. */
  begin(ids: readonly number[]): void {
    this.flag.lower()
    for (let index = 0; index < this.#ids.length; index++) Atomics.store(this.#ids, index, ids[index] ?? 0)
  }

  end(): void {
    this.#ids.fill(0)
  }

  /**
   * Nobody waits for this answer any more. Called late, for a batch that has ended, it costs the next one a new try.
   */
  cancel(id: number): void {
    const at = this.#ids.indexOf(id)
    if (at < 0 || Atomics.compareExchange(this.#ids, at, id, 0) !== id) return
    if (this.#ids.every(other => other === 0)) this.flag.raise()
  }
}
