import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire'
import type { ModelFolder } from '../source/model-folder.ts'
import { unusable } from '../unusable.ts'
import { addedScore } from './added-tokens.ts'
import { type Token, TokenType, type Vocabulary } from './vocabulary.ts'

const tokenizerFile = 'tokenizer.model'

/** Numbers of fields (sentencepiece_model.proto). */
const Model = { pieces: 1, normalizer: 3 } as const
const Piece = { text: 1, score: 2, type: 3 } as const
const Normalizer = { addDummyPrefix: 3 } as const

/** Tokens that Gemma's tokenizers leave unmarked (upstream convert/tokenizer_spm.go). */
const gemmaControl = [
  ...['<start_of_turn>', '<end_of_turn>', '<escape>'],
  ...['declaration', 'call', 'response'].flatMap(part => [`<start_function_${part}>`, `<end_function_${part}>`]),
]

/**
 * The vocabulary of a SentencePiece model with the tokens added to it (upstream convert/tokenizer_spm.go).
 * @throws Problem for a file that is no such model, or tokens that contradict it
 */
export async function sentencePieceVocabulary(folder: ModelFolder): Promise<Vocabulary> {
  const control = new Set([...gemmaControl, ...(await additionalSpecialTokens(folder))])
  const { tokens, addsDummyPrefix } = parse(await folder.bytes(tokenizerFile))
  const marked = tokens.map(token =>
    token.type === TokenType.normal && control.has(token.text) ? { ...token, type: TokenType.control } : token,
  )
  return {
    model: 'llama',
    pre: 'default',
    tokens: [...marked, ...(await added(folder, marked))],
    merges: [],
    ...(!addsDummyPrefix && { addSpacePrefix: false }),
  }
}

function parse(bytes: Buffer): { tokens: Token[]; addsDummyPrefix: boolean } {
  const tokens: Token[] = []
  let addsDummyPrefix = true
  try {
    readMessage(bytes, {
      [Model.pieces]: reader => tokens.push(readPiece(reader.bytes())),
      [Model.normalizer]: reader =>
        readMessage(reader.bytes(), {
          [Normalizer.addDummyPrefix]: inner => {
            addsDummyPrefix = inner.bool()
          },
        }),
    })
  } catch (error) {
    throw unusable(`parse ${tokenizerFile}: ${(error as Error).message}`)
  }
  if (tokens.length === 0) throw unusable(`parse ${tokenizerFile}: it holds no pieces`)
  return { tokens, addsDummyPrefix }
}

function readPiece(bytes: Uint8Array): Token {
  let [text, score, type]: [string, number, number] = ['', 0, TokenType.normal]
  readMessage(bytes, {
    [Piece.text]: reader => {
      text = reader.string()
    },
    [Piece.score]: reader => {
      score = reader.float()
    },
    [Piece.type]: reader => {
      type = reader.int32()
    },
  })
  return { text, score, type }
}

/** Reads the fields that `read` names and passes over the others. */
function readMessage(bytes: Uint8Array, read: Readonly<Record<number, (reader: BinaryReader) => void>>): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, wireType]: [number, WireType] = reader.tag()
    const known = read[field]
    if (known) known(reader)
    else reader.skip(wireType, field)
  }
}

async function additionalSpecialTokens(folder: ModelFolder): Promise<string[]> {
  const map = await folder.optionalFields('special_tokens_map.json')
  return map.list('additional_special_tokens').flatMap(value => {
    const content = typeof value === 'string' ? value : (value as { content?: unknown } | null)?.content
    return typeof content === 'string' ? [content] : []
  })
}

async function added(folder: ModelFolder, pieces: readonly Token[]): Promise<Token[]> {
  const file = await folder.optionalFields('added_tokens.json')
  const entries = file.entries().sort(([, a], [, b]) => Number(a) - Number(b))
  const tokens: Token[] = []
  for (const [text, id] of entries) {
    const next = pieces.length + tokens.length
    const piece = pieces[Number(id)]
    if (piece && piece.text !== text) throw unusable(`token mismatch: ${text} != ${piece.text} at pos [${id}]`)
    if (piece) continue
    if (id !== next) throw unusable(`invalid token id: [${id}] as pos [${next}]`)
    tokens.push({ text, score: addedScore, type: TokenType.userDefined })
  }
  return tokens
}
