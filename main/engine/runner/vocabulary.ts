import { type LlamaModel, LlamaVocabularyType, type Token } from 'node-llama-cpp'
import type { NativeModel } from './llama-addon.ts'

/** llama.h, enum llama_token_attr */
const attribute = { unknown: 1, normal: 4, control: 8, userDefined: 16, byte: 32 } as const

const nothing = Buffer.alloc(0)

/**
 * What each token prints, byte by byte (upstream llama-vocab.cpp, token_to_piece). The library's own detokenize works
 * on whole texts: it drops a leading space, tidies spaces before punctuation, and turns half a character into U+FFFD.
 */
export class Vocabulary {
  readonly #model: LlamaModel
  readonly #native: NativeModel
  readonly #pieces = new Map<number, Buffer>()
  /** A BPE vocabulary that writes spaces as U+2581 and bytes as <0xXX>, like SentencePiece. */
  readonly #plainBpe: boolean

  constructor(model: LlamaModel, native: NativeModel) {
    this.#model = model
    this.#native = native
    this.#plainBpe =
      model.vocabularyType === LlamaVocabularyType.bpe &&
      model.tokenize('x y').some(token => native.getTokenString(token).includes('\u2581'))
  }

  tokenize(text: string, special: boolean): number[] {
    return this.#model.tokenize(text, special)
  }

  isEnd(token: number): boolean {
    return this.#model.isEogToken(token as Token)
  }

  /** A control token: it steers the model and prints nothing unless it is asked for. */
  isHidden(token: number): boolean {
    return (this.#native.getTokenAttributes(token) & (attribute.unknown | attribute.control)) !== 0
  }

  /** The bytes of a token, a hidden one's text included; not always whole characters. */
  piece(token: number): Buffer {
    let piece = this.#pieces.get(token)
    if (!piece) {
      piece = this.#bytes(token)
      this.#pieces.set(token, piece)
    }
    return piece
  }

  text(tokens: readonly number[], special: boolean): string {
    const visible = special ? tokens : tokens.filter(token => !this.isHidden(token))
    return Buffer.concat(visible.map(token => this.piece(token))).toString('utf8')
  }

  /** The one token a text is, if it is a special one. */
  specialToken(text: string): number | undefined {
    const tokens = this.#model.tokenize(text, true)
    const [token] = tokens
    if (tokens.length !== 1 || token === undefined || this.#native.getTokenString(token) !== text) return undefined
    const special = attribute.control | attribute.userDefined | attribute.unknown
    return this.#native.getTokenAttributes(token) & special ? token : undefined
  }

  #bytes(token: number): Buffer {
    const text = this.#native.getTokenString(token)
    const attributes = this.#native.getTokenAttributes(token)
    const asItIs = attribute.unknown | attribute.control | attribute.userDefined
    if (attributes & attribute.byte) return byteToken(text)
    switch (this.#model.vocabularyType) {
      case LlamaVocabularyType.spm:
      case LlamaVocabularyType.wpm:
      case LlamaVocabularyType.ugm:
        if (attributes & asItIs) return Buffer.from(text)
        return attributes & attribute.normal ? Buffer.from(text.replaceAll('\u2581', ' ')) : nothing
      case LlamaVocabularyType.bpe:
        if (attributes & asItIs) return Buffer.from(text)
        if (!(attributes & attribute.normal)) return nothing
        return this.#plainBpe ? Buffer.from(text.replaceAll('\u2581', ' ')) : byteLevel(text)
      case LlamaVocabularyType.rwkv:
        return unescaped(text)
      default:
        return Buffer.from(text)
    }
  }
}

/** `<0xE4>` is the byte E4. */
function byteToken(text: string): Buffer {
  const hex = /^<0x([0-9a-f]{2})>$/i.exec(text)?.[1]
  return hex ? Buffer.from(hex, 'hex') : Buffer.from(text)
}

/** GPT-2's alphabet: every byte is one printable character, those that print as themselves first. */
const byteOf = new Map<number, number>()
for (let byte = 0, next = 256; byte < 256; byte++) {
  const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  byteOf.set(printable ? byte : next++, byte)
}

function byteLevel(text: string): Buffer {
  const bytes: number[] = []
  for (const character of text) {
    const byte = byteOf.get(character.codePointAt(0)!)
    if (byte === undefined) bytes.push(...Buffer.from(character))
    else bytes.push(byte)
  }
  return Buffer.from(bytes)
}

/** RWKV writes its tokens as C-like literals: \t \n \r \xNN. */
function unescaped(text: string): Buffer {
  const known: Record<string, string> = { t: '09', n: '0a', r: '0d' }
  const parts = text.split(/\\(x[0-9a-f]{2}|.)/is)
  return Buffer.concat(
    parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part)
      const hex = part.length === 3 ? part.slice(1) : known[part]
      return hex ? Buffer.from(hex, 'hex') : Buffer.from(part)
    }),
  )
}
