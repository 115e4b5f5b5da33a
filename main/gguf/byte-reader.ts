import { brokenModelFile } from './broken.ts'

/** Where bytes are read from: an open file, or one whose bytes come from elsewhere as they are asked for. */
export interface ByteSource {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
}

const firstRead = 64 * 1024
const laterRead = 1024 * 1024

/**
 * Reads little-endian values from a file through one buffer of at most a megabyte. `need` fetches, the other calls
 * take what is there: that keeps a walk over a million strings free of a million awaits, and lets the event loop turn
 * between two reads.
 */
export class ByteReader {
  #buffer: Buffer
  /** Where `#buffer[0]` lies in the file. */
  #start = 0
  #offset = 0
  #filled = 0
  #nextRead = firstRead

  constructor(
    readonly source: ByteSource,
    readonly fileSize: number,
  ) {
    this.#buffer = Buffer.allocUnsafe(Math.min(firstRead, fileSize))
  }

  get position(): number {
    return this.#start + this.#offset
  }

  /** Bytes between here and the end of the file. */
  get remaining(): number {
    return this.fileSize - this.position
  }

  /** Whether `count` bytes can be taken without a read. */
  has(count: number): boolean {
    return this.#filled - this.#offset >= count
  }

  /**
   * Makes sure that `count` bytes can be taken.
   * @throws Problem `broken-model-file` when the file ends before
   */
  async need(count: number): Promise<void> {
    if (this.has(count)) return
    if (count > this.remaining) throw brokenModelFile('the file is cut off inside its header')
    const kept = this.#filled - this.#offset
    const capacity = Math.min(Math.max(this.#nextRead, count), this.remaining)
    this.#nextRead = laterRead
    const previous = this.#buffer
    const from = this.#offset
    if (capacity > previous.length) this.#buffer = Buffer.allocUnsafe(capacity)
    previous.copy(this.#buffer, 0, from, from + kept)
    this.#start += from
    this.#offset = 0
    this.#filled = kept
    while (this.#filled < count) {
      const room = Math.min(this.#buffer.length, capacity) - this.#filled
      const { bytesRead } = await this.source.read(this.#buffer, this.#filled, room, this.#start + this.#filled)
      if (bytesRead === 0) throw brokenModelFile('the file became shorter while it was read')
      this.#filled += bytesRead
    }
  }

  /** Passes over `count` bytes without reading them. */
  skip(count: number): void {
    if (count > this.remaining) throw brokenModelFile('the file is cut off inside its header')
    this.seek(this.position + count)
  }

  seek(position: number): void {
    const offset = position - this.#start
    if (offset >= 0 && offset <= this.#filled) {
      this.#offset = offset
      return
    }
    this.#start = position
    this.#offset = 0
    this.#filled = 0
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#take(1))
  }
  i8(): number {
    return this.#buffer.readInt8(this.#take(1))
  }
  u16(): number {
    return this.#buffer.readUInt16LE(this.#take(2))
  }
  i16(): number {
    return this.#buffer.readInt16LE(this.#take(2))
  }
  u32(): number {
    return this.#buffer.readUInt32LE(this.#take(4))
  }
  i32(): number {
    return this.#buffer.readInt32LE(this.#take(4))
  }
  f32(): number {
    return this.#buffer.readFloatLE(this.#take(4))
  }
  f64(): number {
    return this.#buffer.readDoubleLE(this.#take(8))
  }
  u64(): bigint {
    return this.#buffer.readBigUInt64LE(this.#take(8))
  }
  i64(): bigint {
    return this.#buffer.readBigInt64LE(this.#take(8))
  }

  /** A count or length: exact up to 2^53, near enough above for a comparison with a file's size. */
  length64(): number {
    const at = this.#take(8)
    return this.#buffer.readUInt32LE(at) + this.#buffer.readUInt32LE(at + 4) * 0x1_0000_0000
  }

  utf8(bytes: number): string {
    const at = this.#take(bytes)
    return this.#buffer.toString('utf8', at, at + bytes)
  }

  #take(count: number): number {
    const at = this.#offset
    this.#offset += count
    return at
  }
}
