import { writeSync } from 'node:fs'
import { type Destination, maxErrorBytes, type ReceiveAnswer, type ReceivedAnswer } from './receiver.ts'
import { type BlocksToFill, blockBytes, type FillingBlock } from './recent-blocks.ts'

/** How many more bytes are told at once, so that whoever hashes follows closely. */
const toldEvery = 4 * blockBytes
/** And after how long at the latest, on a slow connection, or one that has fallen silent. Milliseconds. */
const toldAfter = 250

/**
 * The answer to one request, and the file its bytes go to. What comes is gathered in blocks and written by calls that
 * wait: the thread has nothing else to do, and nothing piles up in memory while a disk is slow.
 */
export class Reception {
  /** Gives up the request before its answer is over; set by whoever makes it. */
  giveUp = (): void => undefined
  #isOver = false
  #head: Omit<ReceivedAnswer, 'said'> | undefined
  #isWriting = false
  #block: FillingBlock | undefined
  /** Bytes of those wanted that are in blocks; in the file; and told of. */
  #gathered = 0
  #received = 0
  #told = 0
  #telling: NodeJS.Timeout | undefined
  readonly #said: Uint8Array[] = []
  #room = maxErrorBytes

  constructor(
    private readonly into: Destination,
    private readonly blocks: BlocksToFill,
    private readonly tell: (answer: ReceiveAnswer) => void,
  ) {}

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether all that is wanted has come. */
  get hasAll(): boolean {
    return this.#gathered === this.into.length
  }

  cancel(): void {
    this.#stop(failed(new Error('canceled')))
    this.giveUp()
  }

  /** The answer's head. @returns whether its body is what is wanted */
  begin(statusCode: number, headers: ReceivedAnswer['headers']): boolean {
    this.#head = { statusCode, headers }
    this.#isWriting = this.#has(statusCode, headers['content-range'])
    if (this.#isWriting) this.tell({ started: true })
    // Other bytes than those that were asked for, as many as there may be.
    else if (statusCode < 300) this.endEarly()
    return this.#isWriting
  }

  /** Where the next bytes of the body belong; `placed` says how many have come. */
  place(): Uint8Array {
    this.#block ??= this.blocks.take()
    const start = this.#at % blockBytes
    return this.#block.bytes.subarray(start, start + Math.min(blockBytes - start, this.into.length - this.#gathered))
  }

  placed(length: number): void {
    try {
      this.#gathered += length
      if (this.hasAll || this.#at % blockBytes === 0) this.#writeBlock()
      if (this.#received - this.#told >= toldEvery) this.#tellReceived()
      else this.#telling ??= setTimeout(() => this.#catchUp(), toldAfter)
    } catch (error) {
      this.fail(error as Error)
    }
  }

  /** Writes and tells what has come so far, though it fills no block: the next may be long in coming. */
  #catchUp(): void {
    try {
      this.#write()
      this.#tellReceived()
    } catch (error) {
      this.fail(error as Error)
    }
  }

  /** Takes bytes of the body that were read elsewhere. Who sends more than was asked for is not heard out. */
  take(chunk: Uint8Array): void {
    if (this.#isOver) this.giveUp()
    let rest = chunk
    while (rest.length > 0 && !this.#isOver) {
      if (!this.#isWriting) {
        this.#hear(rest)
        return
      }
      const place = this.place()
      const part = rest.subarray(0, place.length)
      place.set(part)
      rest = rest.subarray(part.length)
      this.placed(part.length)
      if (!this.hasAll) continue
      // The body's own end may be long in coming, and says nothing more.
      this.end()
      if (rest.length > 0) this.giveUp()
    }
  }

  /** The answer is over; its connection may be used for the next. */
  end(): void {
    this.#stop({ answered: { ...this.#head!, said: Buffer.concat(this.#said) } })
  }

  /** Nothing more of the answer is wanted. */
  endEarly(): void {
    this.end()
    this.giveUp()
  }

  fail(error: Error): void {
    if (this.#isOver) return
    // Whatever became of the connection then, all that was wanted came before; of a refusal the status says enough.
    if (this.#isWriting ? this.#received === this.into.length : this.#head) this.end()
    else this.#stop(failed(error))
    this.giveUp()
  }

  /** Of the next byte, in the file. */
  get #at(): number {
    return this.into.at + this.#gathered
  }

  /** A server that knows no ranges sends all of a blob. */
  #has(statusCode: number, range: string | string[] | undefined): boolean {
    const { at, length, total } = this.into
    if (statusCode === 206) return Number(/^bytes (\d+)-/.exec(String(range))?.[1]) === at
    return statusCode === 200 && at === 0 && length === total
  }

  /** Writes what is left of a block, and lets whoever hashes have it if it came as a whole. */
  #writeBlock(): void {
    const number = Math.floor((this.#at - 1) / blockBytes)
    this.#write()
    const { at, total, key } = this.into
    const isWhole = at <= number * blockBytes && (this.#at % blockBytes === 0 || this.#at === total)
    if (isWhole && key !== undefined) this.#block!.filled(key, number)
    else this.#block!.drop()
    this.#block = undefined
  }

  #write(): void {
    while (this.#received < this.#gathered) {
      const position = this.into.at + this.#received
      const length = this.#gathered - this.#received
      // A disk that is filling up takes a part; writing the rest gives the reason.
      this.#received += writeSync(this.into.file, this.#block!.bytes, position % blockBytes, length, position)
    }
  }

  #hear(chunk: Uint8Array): void {
    const piece = Buffer.from(chunk.subarray(0, this.#room))
    this.#said.push(piece)
    this.#room -= piece.length
    if (this.#room === 0) this.endEarly()
  }

  #tellReceived(): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
    this.#told = this.#received
    this.tell({ received: this.#received })
  }

  /** What came before the end is kept, and told. */
  #stop(last: ReceiveAnswer): void {
    if (this.#isOver) return
    this.#isOver = true
    let answer = last
    try {
      this.#write()
    } catch (error) {
      answer = failed(error as Error)
    }
    this.#block?.drop()
    clearTimeout(this.#telling)
    if (this.#received > this.#told) this.#tellReceived()
    this.tell(answer)
  }
}

function failed(error: Error): ReceiveAnswer {
  const { message, code, syscall } = error as NodeJS.ErrnoException
  return { failed: { message, code, syscall } }
}
