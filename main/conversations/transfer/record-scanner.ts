import { longestRecord } from './format.ts'

const quote = 0x22
const backslash = 0x5c
const newline = 0x0a
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
/** Bytes before the list of records that may go by. */
const longestHead = 64 * 1024

/**
 * Cuts the records out of a file in the form of format.ts while its bytes come by: each object in the first list of the
 * outermost object, however it is laid out. Nothing but the record at hand is kept.
 *
 * Damage is borne: no string of JSON goes over a line, and no formatter begins the line of an inner object with `{`, so
 * a record in which either happens is given up, and the next one is read.
 */
export class RecordScanner {
  /** Records that were given up. */
  broken = 0
  /** What stands before the records, up to and with their `[`; undefined until it has come. */
  head: string | undefined
  /** The list has been closed: the file is whole. */
  ended = false
  /** The file does not begin as an object with a list in it. */
  foreign = false
  #kept: Buffer[] = []
  #keptBytes = 0
  #depth = 0
  #inString = false
  #escaped = false
  #afterNewline = false

  /** @returns the records that end in this piece of the file, as JSON */
  push(bytes: Buffer): string[] {
    const records: string[] = []
    /** Where in these bytes the record (or the head) begins that is being kept. */
    let start = this.head === undefined || this.#depth > 2 ? 0 : -1
    for (let at = 0; at < bytes.length && !this.ended && !this.foreign; at += 1) {
      const byte = bytes[at] as number
      const lineBegins = this.#afterNewline
      this.#afterNewline = byte === newline
      if (this.#inString) {
        if (byte === newline && this.head !== undefined) {
          this.#giveUp()
          start = -1
        } else if (this.#escaped) this.#escaped = false
        else if (byte === backslash) this.#escaped = true
        else if (byte === quote) this.#inString = false
      } else if (byte === quote) this.#inString = true
      else if (byte === openBrace || byte === openBracket) {
        if (lineBegins && byte === openBrace && this.#depth > 2) {
          this.#giveUp()
          start = -1
        }
        this.#depth += 1
        if (this.head === undefined) {
          if (this.#depth === 1 && byte === openBracket) this.foreign = true
          if (this.#depth === 2 && byte === openBracket) {
            this.head = this.#take(bytes.subarray(start, at + 1))
            start = -1
          }
        } else if (this.#depth === 3) start = at
      } else if (byte === closeBrace || byte === closeBracket) {
        if (this.#depth === 2 && this.head !== undefined) {
          if (byte === closeBracket) this.ended = true
          continue
        }
        this.#depth -= 1
        if (this.head === undefined) this.foreign = this.#depth < 1
        else if (this.#depth === 2) {
          const record = this.#take(bytes.subarray(start, at + 1))
          if (record !== undefined) records.push(record)
          start = -1
        }
      } else if (this.#depth === 0 && byte > 0x20 && byte < 0x80) this.foreign = true
    }
    if (start >= 0) this.#keep(bytes.subarray(start))
    if (this.head === undefined && this.#keptBytes > longestHead) this.foreign = true
    return records
  }

  /** The record at hand is none: on to the next. */
  #giveUp(): void {
    if (this.#depth > 2) this.broken += 1
    this.#kept = []
    this.#keptBytes = 0
    this.#depth = 2
    this.#inString = false
    this.#escaped = false
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length
    // One that is too long is followed to its end, but not kept.
    if (this.#keptBytes > longestRecord) this.#kept = []
    else this.#kept.push(bytes)
  }

  #take(bytes: Buffer): string | undefined {
    this.#keep(bytes)
    const tooLong = this.#keptBytes > longestRecord
    const text = tooLong ? undefined : Buffer.concat(this.#kept).toString('utf8')
    if (tooLong) this.broken += 1
    this.#kept = []
    this.#keptBytes = 0
    return text
  }
}
