import { open } from 'node:fs/promises'
import { readArray } from '../arrays.ts'
import { brokenModelFile } from '../broken.ts'
import { type EncodedValue, entry, entryAsIs, float32s, int32s, string, strings } from '../encoding.ts'
import { type GgufArray, type GgufEntry, type GgufScalar, GgufType, isArray } from '../types.ts'

/** An entry as it stands in the source file: its key with the length before it, its type and its bytes. */
type Located = Pick<GgufEntry, 'start' | 'end'>

/** Bytes of a key's length, which stands in front of it. */
const lengthBytes = 8

/**
 * The metadata of a draft: entries of the source file, which are only located, and others made for it. What is asked
 * is answered by the source file, whatever was set meanwhile.
 */
export class DraftMetadata {
  readonly #path: string
  readonly #source: ReadonlyMap<string, GgufEntry>
  readonly #values = new Map<string, EncodedValue | Located>()

  constructor(path: string, source: ReadonlyMap<string, GgufEntry>) {
    this.#path = path
    this.#source = source
    for (const { key, start, end } of source.values()) this.#values.set(key, { start, end })
  }

  /** A number; undefined for anything else. */
  number(key: string): number | undefined {
    const value = this.#source.get(key)?.value
    return typeof value === 'number' ? value : undefined
  }

  /** A text; undefined for anything else. */
  text(key: string): string | undefined {
    const value = this.#source.get(key)?.value
    return typeof value === 'string' ? value : undefined
  }

  /** Where an array lies; undefined for anything else. */
  list(key: string): GgufArray | undefined {
    const value = this.#source.get(key)?.value
    return isArray(value) ? value : undefined
  }

  /** The values of an array; none for anything else. */
  async values(key: string): Promise<GgufScalar[]> {
    const list = this.list(key)
    return list ? readArray(this.#path, list) : []
  }

  /** The same where they are numbers. */
  async numbers(key: string): Promise<number[]> {
    return (await this.values(key)).filter(value => typeof value === 'number')
  }

  /** Whether the new file has it, as it is by now. */
  has(key: string): boolean {
    return this.#values.has(key)
  }

  set(key: string, value: EncodedValue): void {
    this.#values.set(key, value)
  }

  setMissing(key: string, value: EncodedValue): void {
    if (!this.has(key)) this.set(key, value)
  }

  remove(key: string): void {
    this.#values.delete(key)
  }

  keep(wanted: (key: string) => boolean): void {
    for (const key of this.#values.keys()) if (!wanted(key)) this.#values.delete(key)
  }

  /** Says a value under a second key as well, unless that one is said already. */
  copy(from: string, to: string): void {
    const value = this.#values.get(from)
    if (value && !this.has(to)) this.#values.set(to, value)
  }

  /** Moves all keys from below one architecture to below another, and names that one. */
  moveTo(architecture: string, from: string): void {
    for (const [key, value] of [...this.#values]) {
      if (!key.startsWith(`${from}.`)) continue
      this.#values.delete(key)
      this.#values.set(`${architecture}${key.slice(from.length)}`, value)
    }
    this.set('general.architecture', string(architecture))
  }

  /** Shortens the vocabulary, with its scores and types, to as many tokens as there are rows of embeddings. */
  async shortenVocabulary(tokens: number): Promise<void> {
    for (const key of ['tokenizer.ggml.tokens', 'tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
      const list = this.list(key)
      if (!list || list.length <= tokens) continue
      const values = (await this.values(key)).slice(0, tokens)
      if (list.elementType === GgufType.string) this.set(key, strings(values as string[]))
      else if (list.elementType === GgufType.f32) this.set(key, float32s(values as number[]))
      else this.set(key, int32s(values as number[]))
    }
  }

  /** The entries as they are to stand in the new file. */
  async entries(): Promise<Buffer[]> {
    const source = await open(this.#path)
    try {
      const entries: Buffer[] = []
      for (const [key, value] of this.#values) {
        if ('bytes' in value) entries.push(entry(key, value))
        else {
          const bytes = Buffer.alloc(value.end - value.start)
          const { bytesRead } = await source.read(bytes, 0, bytes.length, value.start)
          if (bytesRead < bytes.length) throw brokenModelFile('the file became shorter while it was read')
          // By the length it is given there: a key that is no UTF-8 reads as another number of bytes.
          entries.push(entryAsIs(key, bytes.subarray(lengthBytes + Number(bytes.readBigUInt64LE()))))
        }
      }
      return entries
    } finally {
      await source.close()
    }
  }
}
