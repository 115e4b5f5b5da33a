import type { LibraryHandle } from 'koffi'
import { Mutex } from '../../mutex.ts'
import { longestToken } from '../engine.ts'
import { declare, inThread, type Pointer } from './declare.ts'

/** llama.h, enum llama_token_attr */
const attribute = { unknown: 1, control: 8, userDefined: 16 } as const

/** llama.h, LLAMA_VOCAB_TYPE_WPM */
const wordPiece = 3

/** Characters up to which tokenizing is not worth a thread: a few milliseconds at most. */
const shortText = 4096

/** Bytes of a token's text that are read at first; longer ones are rare. */
const shortPiece = 64

/** A model's tokens and the texts they stand for. Any thread may have one of the same model. */
export class Vocabulary {
  readonly pointer: Pointer
  /** Number of tokens. */
  readonly size: number
  readonly isWordPiece: boolean
  /** Special tokens; undefined where the model has none. */
  readonly bos: number | undefined
  readonly eos: number | undefined
  readonly eot: number | undefined
  readonly sep: number | undefined
  readonly addsBos: boolean
  readonly addsEos: boolean
  readonly #native: ReturnType<typeof declared>
  readonly #mutex = new Mutex()
  readonly #pieces = new Map<number, Buffer>()

  constructor(llama: LibraryHandle, model: Pointer) {
    const native = declared(llama)
    this.#native = native
    this.pointer = native.ofModel(model)
    const special = (token: number) => (token < 0 ? undefined : token)
    this.size = native.size(this.pointer)
    this.isWordPiece = native.type(this.pointer) === wordPiece
    this.bos = special(native.bos(this.pointer))
    this.eos = special(native.eos(this.pointer))
    this.eot = special(native.eot(this.pointer))
    this.sep = special(native.sep(this.pointer))
    this.addsBos = native.addsBos(this.pointer)
    this.addsEos = native.addsEos(this.pointer)
  }

  /** A token's text as the vocabulary stores it. */
  storedText(token: number): string {
    return this.#native.storedText(this.pointer, token)
  }

  isEnd(token: number): boolean {
    return this.#native.isEnd(this.pointer, token)
  }

  /** A control token: it steers the model and prints nothing unless it is asked for. */
  isHidden(token: number): boolean {
    return (this.#native.attributes(this.pointer, token) & (attribute.unknown | attribute.control)) !== 0
  }

  /** The bytes of a token, a hidden one's text included; not always whole characters. */
  piece(token: number): Buffer {
    let piece = this.#pieces.get(token)
    if (!piece) {
      piece = this.#readPiece(token)
      this.#pieces.set(token, piece)
    }
    return piece
  }

  text(tokens: readonly number[], special: boolean): string {
    const visible = special ? tokens : tokens.filter(token => !this.isHidden(token))
    return Buffer.concat(visible.map(token => this.piece(token))).toString('utf8')
  }

  /**
   * Tokens of a text; a long one's in a thread of its own, one after the other.
   * @param special texts such as `<|im_end|>` become their one token
   */
  tokenize(text: string, special: boolean): Promise<Int32Array> {
    if (text.length <= shortText) return this.#tokenized(text, special, (...args) => this.#native.tokenize(...args))
    return this.#mutex.run(() => this.#tokenized(text, special, (...args) => inThread(this.#native.tokenize, ...args)))
  }

  /** The one token a text is, if it is a special one. */
  specialToken(text: string): number | undefined {
    if (text.length > longestToken) return undefined
    const bytes = Buffer.from(text)
    const tokens = new Int32Array(1)
    // Negative where there are more.
    const count = this.#native.tokenize(this.pointer, bytes, bytes.length, tokens, 1, false, true)
    const [token] = tokens
    if (count !== 1 || token === undefined || this.storedText(token) !== text) return undefined
    const special = attribute.control | attribute.userDefined | attribute.unknown
    return this.#native.attributes(this.pointer, token) & special ? token : undefined
  }

  async #tokenized(
    text: string,
    special: boolean,
    call: (...args: Parameters<Tokenize>) => number | Promise<number>,
  ): Promise<Int32Array> {
    const bytes = Buffer.from(text)
    if (bytes.length === 0) return new Int32Array()
    // A token is at least a byte, but for spaces put in front; a normalisation may still make the text longer.
    let tokens = new Int32Array(bytes.length + 16)
    const fill = () => call(this.pointer, bytes, bytes.length, tokens, tokens.length, false, special)
    let count = await fill()
    if (count < 0) {
      tokens = new Int32Array(-count)
      count = await fill()
    }
    return tokens.slice(0, count)
  }

  #readPiece(token: number): Buffer {
    let bytes = Buffer.alloc(shortPiece)
    const fill = () => this.#native.piece(this.pointer, token, bytes, bytes.length, 0, true)
    let length = fill()
    if (length < 0) {
      bytes = Buffer.alloc(-length)
      length = fill()
    }
    return bytes.subarray(0, length)
  }
}

type Tokenize = (
  vocabulary: Pointer,
  text: Buffer,
  bytes: number,
  tokens: Int32Array,
  most: number,
  addSpecial: boolean,
  parseSpecial: boolean,
) => number

function declared(llama: LibraryHandle) {
  type Ask<T> = (vocabulary: Pointer) => T
  type AskOf<T> = (vocabulary: Pointer, token: number) => T
  const ask = <T>(name: string, result: string) => declare<Ask<T>>(llama, name, result, 'void *')
  const askOf = <T>(name: string, result: string) => declare<AskOf<T>>(llama, name, result, 'void *', 'int32')
  return {
    ofModel: declare<(model: Pointer) => Pointer>(llama, 'llama_model_get_vocab', 'void *', 'void *'),
    size: ask<number>('llama_vocab_n_tokens', 'int32'),
    type: ask<number>('llama_vocab_type', 'int32'),
    bos: ask<number>('llama_vocab_bos', 'int32'),
    eos: ask<number>('llama_vocab_eos', 'int32'),
    eot: ask<number>('llama_vocab_eot', 'int32'),
    sep: ask<number>('llama_vocab_sep', 'int32'),
    addsBos: ask<boolean>('llama_vocab_get_add_bos', 'bool'),
    addsEos: ask<boolean>('llama_vocab_get_add_eos', 'bool'),
    isEnd: askOf<boolean>('llama_vocab_is_eog', 'bool'),
    attributes: askOf<number>('llama_vocab_get_attr', 'int32'),
    storedText: askOf<string>('llama_vocab_get_text', 'const char *'),
    tokenize: declare<Tokenize>(
      llama,
      'llama_tokenize',
      'int32',
      'void *',
      'void *',
      'int32',
      'void *',
      'int32',
      'bool',
      'bool',
    ),
    piece: declare<
      (vocabulary: Pointer, token: number, bytes: Buffer, length: number, skip: number, special: boolean) => number
    >(llama, 'llama_token_to_piece', 'int32', 'void *', 'int32', 'void *', 'int32', 'int32', 'bool'),
  }
}
