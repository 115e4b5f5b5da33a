/**
 * Memory that the threads of a download share, with what was received last, so that whoever hashes need not read it
 * from the file again. It is a cache: a block that is not there any more, as the hash is far behind or bytes come in
 * another order, is read from the file. Nobody ever waits for a block.
 */

/** Bytes of a block, and what its place in a file is a multiple of. */
export const blockBytes = 1024 * 1024
/** How many there are: some for each connection, and what comes while the hash hears of it. */
const blockCount = 32

/** What becomes of a block. Filled ones may be taken by the hash, or to be filled anew. */
const [Free, Filling, Filled, Hashing] = [0, 1, 2, 3] as const
/** Words that describe a block: its state, its file's key, its number in that file. */
const wordsPerBlock = 3

export interface BlockMemory {
  readonly bytes: SharedArrayBuffer
  readonly words: SharedArrayBuffer
}

/** For one receiving and one hashing thread. */
export function blockMemory(): BlockMemory {
  return {
    bytes: new SharedArrayBuffer(blockCount * blockBytes),
    words: new SharedArrayBuffer(blockCount * wordsPerBlock * 4),
  }
}

/** The receiving thread's side. */
export class BlocksToFill {
  readonly #blocks: Blocks
  #next = 0

  constructor(memory: BlockMemory) {
    this.#blocks = new Blocks(memory)
    this.#blocks.giveBack(Filling)
  }

  /** A block to fill, the one filled longest ago if none is free. `filled` or `drop` ends it. */
  take(): FillingBlock {
    for (let tried = 0; tried < blockCount; tried++) {
      const slot = this.#next
      this.#next = (slot + 1) % blockCount
      if (this.#blocks.move(slot, Free, Filling) || this.#blocks.move(slot, Filled, Filling)) {
        return {
          bytes: this.#blocks.bytes(slot),
          filled: (file, number) => this.#blocks.describe(slot, file, number),
          drop: () => void this.#blocks.move(slot, Filling, Free),
        }
      }
    }
    // More connections than blocks: what this one brings is read from the file.
    return { bytes: Buffer.allocUnsafeSlow(blockBytes), filled: () => undefined, drop: () => undefined }
  }
}

export interface FillingBlock {
  readonly bytes: Uint8Array
  /** All that the file has at this place is in it. */
  readonly filled: (file: number, number: number) => void
  readonly drop: () => void
}

/** The hashing thread's side. */
export class BlocksToHash {
  readonly #blocks: Blocks

  constructor(memory: BlockMemory) {
    this.#blocks = new Blocks(memory)
    this.#blocks.giveBack(Hashing)
  }

  /**
   * Has a block hashed, which is free then.
   * @param length of its bytes
   * @returns false when it is not there
   */
  use(file: number, number: number, length: number, hash: (bytes: Uint8Array) => void): boolean {
    for (let slot = 0; slot < blockCount; slot++) {
      if (!this.#blocks.is(slot, file, number) || !this.#blocks.move(slot, Filled, Hashing)) continue
      // It may have been filled anew between the look and the grip.
      const isStill = this.#blocks.is(slot, file, number)
      if (isStill) hash(this.#blocks.bytes(slot).subarray(0, length))
      this.#blocks.move(slot, Hashing, isStill ? Free : Filled)
      return isStill
    }
    return false
  }
}

class Blocks {
  readonly #bytes: Uint8Array
  readonly #words: Int32Array

  constructor({ bytes, words }: BlockMemory) {
    this.#bytes = new Uint8Array(bytes)
    this.#words = new Int32Array(words)
  }

  bytes(slot: number): Uint8Array {
    return this.#bytes.subarray(slot * blockBytes, (slot + 1) * blockBytes)
  }

  move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, slot * wordsPerBlock, from, to) === from
  }

  is(slot: number, file: number, number: number): boolean {
    const [, itsFile, itsNumber] = this.#place(slot)
    return Atomics.load(this.#words, itsFile) === file && Atomics.load(this.#words, itsNumber) === number
  }

  describe(slot: number, file: number, number: number): void {
    const [, itsFile, itsNumber] = this.#place(slot)
    Atomics.store(this.#words, itsFile, file)
    Atomics.store(this.#words, itsNumber, number)
    this.move(slot, Filling, Filled)
  }

  /** Frees what a thread that has ended held. */
  giveBack(state: number): void {
    for (let slot = 0; slot < blockCount; slot++) this.move(slot, state, Free)
  }

  #place(slot: number): [state: number, file: number, number: number] {
    return [slot * wordsPerBlock, slot * wordsPerBlock + 1, slot * wordsPerBlock + 2]
  }
}
