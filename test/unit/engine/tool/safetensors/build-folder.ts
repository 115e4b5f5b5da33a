import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BinaryWriter } from '@bufbuild/protobuf/wire'

/** Writes folders as Hugging Face has them, by hand and without the code under test. */

export interface BuiltTensor {
  readonly type: string
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

export type Tensors = Readonly<Record<string, BuiltTensor>>

/** A safetensors file. @param header instead of the true one */
export function buildSafetensors(tensors: Tensors, header?: (entries: Record<string, Entry>) => unknown): Buffer {
  const entries: Record<string, Entry> = {}
  let at = 0
  for (const [name, { type, shape, data }] of Object.entries(tensors)) {
    entries[name] = { dtype: type, shape, data_offsets: [at, at + data.length] }
    at += data.length
  }
  const text = Buffer.from(JSON.stringify(header ? header(entries) : { __metadata__: { format: 'pt' }, ...entries }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...Object.values(tensors).map(({ data }) => data)])
}

/** What a safetensors file holds. */
export function readSafetensors(path: string): Record<string, BuiltTensor> {
  const file = readFileSync(path)
  const start = 8 + Number(file.readBigUInt64LE(0))
  const { __metadata__, ...entries } = JSON.parse(file.toString('utf8', 8, start)) as Record<string, Entry>
  return Object.fromEntries(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        return [name, { type: dtype, shape, data: file.subarray(start + from!, start + to!) }]
      },
    ),
  )
}

export interface Entry {
  dtype: string
  shape: readonly number[]
  data_offsets: number[]
}

export const f32 = (shape: readonly number[], values: ArrayLike<number>): BuiltTensor => {
  return { type: 'F32', shape, data: new Uint8Array(Float32Array.from(values).buffer) }
}

/** The same numbers at every call, about as large as a trained model's, each exact in BF16 and so in F16. */
export function randomNumbers(seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.round((state / 2 ** 32 - 0.5) * 32) / 128
  }
}

/** What a folder holds: texts, bytes, or what is to be written as JSON. */
export type Content = Readonly<Record<string, string | Uint8Array | object>>

/** Writes a folder; returns its files as a convert job names them. */
export function writeFolder(folder: string, content: Content): Record<string, string> {
  const files: Record<string, string> = {}
  for (const [name, value] of Object.entries(content)) {
    files[name] = join(folder, name)
    mkdirSync(dirname(files[name]), { recursive: true })
    writeFileSync(files[name], typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value))
  }
  return files
}

const bytes = byteLevelAlphabet()

/** A byte-level tokenizer.json: all bytes, one merge, an end. */
export const bpeTokenizer = {
  added_tokens: [{ id: 257, content: '<|end|>', special: true }],
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
  model: { type: 'BPE', vocab: Object.fromEntries([...bytes, 'ab'].map((text, id) => [text, id])), merges: ['a b'] },
}
export const bpeFiles: Content = {
  'tokenizer.json': bpeTokenizer,
  'tokenizer_config.json': { add_bos_token: false, eos_token: '<|end|>', chat_template: '{{ messages }}' },
}
export const bpeTokens = 258

/** GPT-2's letters for the 256 bytes. */
function byteLevelAlphabet(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
}

export type PieceSpec = readonly [text: string, score: number, type: number]

/** A tokenizer.model: pieces, and whether a space goes in front. */
export function buildSentencePiece(pieces: readonly PieceSpec[], addDummyPrefix = true): Uint8Array {
  const model = new BinaryWriter()
  for (const [text, score, type] of pieces) {
    model.tag(1, 2).fork().tag(1, 2).string(text).tag(2, 5).float(score)
    if (type !== 1) model.tag(3, 0).int32(type)
    model.join()
  }
  // A trainer's settings, to be passed over.
  model.tag(2, 2).fork().tag(3, 0).int32(1).tag(4, 0).int32(pieces.length).join()
  model.tag(3, 2).fork().tag(1, 2).string('identity').tag(3, 0).bool(addDummyPrefix).join()
  return model.finish()
}

/** SentencePiece as Llama and Gemma have it: parts, bytes, a few letters. */
export const spmPieces: readonly PieceSpec[] = [
  ['<unk>', 0, 2],
  ['<s>', 0, 3],
  ['</s>', 0, 3],
  ...Array.from(
    { length: 256 },
    (_, byte): PieceSpec => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, 0, 6],
  ),
  ['\u2581', -1, 1],
  ['<start_of_turn>', -2, 1],
  ['a', -8, 1],
  ['b', -9, 1],
  // Not in the order of their scores.
  ['ab', -6, 1],
  ['\u2581ba', -7, 1],
  ['ba', -4, 1],
  ['\u2581a', -5, 1],
]
