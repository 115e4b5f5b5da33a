import { type FileHandle, open, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { requireSpace } from '../../../files/free-space.ts'
import { brokenModelFile } from '../../../gguf/broken.ts'
import { fileHeader, ggufVersion, padding, paddingBytes } from '../../../gguf/encoding.ts'
import { parseHeader, readHeader } from '../../../gguf/header.ts'
import { type Draft, type DraftTensor, draftBytes, type Piece } from '../../../gguf/ollama/draft.ts'
import { translate } from '../../../gguf/ollama/translation.ts'
import { tensorTypeName } from '../../../gguf/types.ts'
import { Problem } from '../../../problem.ts'
import type { TranslateJob } from '../../tool-engine.ts'
import { writeNewFile } from '../new-file.ts'
import { blocksAt, inSinglePrecision } from './single-precision.ts'

/** Bytes read at once. */
const chunkBytes = 1024 * 1024

/**
 * Writes what llama.cpp can read of a file made for Ollama's own engine: the model, or the encoder for pictures.
 * @param onProgress told the bytes of tensors written, of all there are
 * @throws Problem `unsupported-architecture` for a file without that part, `broken-model-file`, `disk-full`
 */
export async function translateFile(
  { source, part, output }: TranslateJob,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const draft = (await translate(source, await readHeader(source)))?.[part]
  if (!draft) throw new Problem('unsupported-architecture', 500, `there is no ${part} to be translated in ${source}`)
  await writeDraft(draft, output, onProgress)
}

/**
 * Writes the header of the model alone: enough to tell what it would take.
 * @param source a GGUF of which the header, at least, is there
 * @returns whether the file had to be translated at all
 */
export async function writeTranslatedHeader(source: string, output: string): Promise<boolean> {
  const file = await open(source)
  try {
    // However large the file says it is: its tensors are not asked for.
    const draft = (await translate(source, await parseHeader(file, Number.MAX_SAFE_INTEGER)))?.model
    if (draft) await writeFile(output, await headerOf(draft))
    return draft !== undefined
  } finally {
    await file.close()
  }
}

async function writeDraft(draft: Draft, output: string, onProgress: (done: number, total: number) => void) {
  const header = await headerOf(draft)
  await requireSpace(dirname(output), header.length + dataBytes(draft))
  const total = draft.tensors.reduce((sum, tensor) => sum + draftBytes(tensor), 0)
  const source = await open(draft.path)
  try {
    await writeNewFile(output, async file => {
      await file.appendFile(header)
      let done = 0
      for (const tensor of draft.tensors) {
        for await (const bytes of contentOf(source, tensor)) {
          await file.appendFile(bytes)
          done += bytes.length
          onProgress(done, total)
        }
        await file.appendFile(padding(draftBytes(tensor), draft.header.alignment))
      }
      await file.sync()
    })
  } finally {
    await source.close()
  }
}

async function headerOf({ metadata, tensors, header }: Draft): Promise<Buffer> {
  const placed = tensors.map(tensor => ({ ...tensor, bytes: checkedBytes(tensor) }))
  return fileHeader(ggufVersion, await metadata.entries(), placed, header.alignment)
}

/** Bytes of all tensors, with what lies between them. */
function dataBytes({ tensors, header }: Draft): number {
  const sizes = tensors.map(draftBytes)
  return sizes.reduce((sum, bytes) => sum + bytes + paddingBytes(bytes, header.alignment), 0)
}

/**
 * @throws Problem `unsupported-architecture` for a type that is not known here, `broken-model-file` where the pieces of
 *   a tensor are not what its shape takes
 */
function checkedBytes(tensor: DraftTensor): number {
  const bytes = draftBytes(tensor)
  if (tensorTypeName(tensor.type) === 'unknown') {
    const text = `tensor ${JSON.stringify(tensor.name)} has weights of type ${tensor.type}, which is not known here`
    throw new Problem('unsupported-architecture', 500, text)
  }
  const given = tensor.pieces.reduce((sum, piece) => sum + bytesAs(piece, tensor.type), 0)
  if (tensor.pieces.length === 0 || given === bytes) return bytes
  throw brokenModelFile(`tensor ${JSON.stringify(tensor.name)} has another size than its shape says`)
}

/** Bytes that a piece takes in a type, its own or F32. */
function bytesAs(piece: Piece, type: number): number {
  if (piece.type === type) return piece.bytes
  const { bytes, elements } = blocksAt(piece.type)
  return (piece.bytes / bytes) * elements * 4
}

async function* contentOf(source: FileHandle, tensor: DraftTensor): AsyncGenerator<Uint8Array> {
  if (tensor.pieces.length === 0) yield new Uint8Array(draftBytes(tensor))
  for (const { at, bytes, type } of joined(tensor.pieces)) {
    const step =
      type === tensor.type ? chunkBytes : Math.floor(chunkBytes / blocksAt(type).bytes) * blocksAt(type).bytes
    for (let done = 0; done < bytes; done += step) {
      const chunk = await read(source, at + done, Math.min(step, bytes - done))
      yield type === tensor.type ? chunk : inSinglePrecision(chunk, type)
    }
  }
}

/** Pieces that follow each other in the file as one: a tensor may be made of tens of thousands of them. */
function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    if (last && last.type === piece.type && last.at + last.bytes === piece.at) {
      whole[whole.length - 1] = { ...last, bytes: last.bytes + piece.bytes }
    } else whole.push(piece)
  }
  return whole
}

async function read(source: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length))
  for (let done = 0; done < length; ) {
    const { bytesRead } = await source.read(bytes, done, length - done, at + done)
    if (bytesRead === 0) throw brokenModelFile('the file became shorter while it was read')
    done += bytesRead
  }
  return bytes
}
