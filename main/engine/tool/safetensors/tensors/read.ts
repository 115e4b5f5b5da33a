import { inMemory, readAll, type Storage } from '../source/storage.ts'
import { unusable } from '../unusable.ts'
import { type ElementType, elementBytes, fromSingles, toSingles } from './element-type.ts'
import { chunkBytes, elements, elementType, type SourceTensor, type Tensor } from './tensor.ts'

/** What a tensor's elements are put through on their way: each way reads a bounded piece at a time. */

/** Rows longer than this belong to no model; a few of them are held at once. */
const maxRowBytes = 16 * 1024 * 1024
/** Transposing holds the whole tensor; the matrices of a LoRA adapter stay far below. */
const maxTransposedBytes = 64 * 1024 * 1024

/** The tensor as it is. */
export function asIs(source: SourceTensor): Tensor {
  const { name, shape, storage } = source
  return { name, shape, type: elementType(source), chunks: () => inOrder(storage, 0, storage.bytes) }
}

/** Only the first rows. */
export function firstRows(source: SourceTensor, rows: number): Tensor {
  const { name, shape, storage } = source
  const type = elementType(source)
  const kept = [rows, ...shape.slice(1)]
  return { name, shape: kept, type, chunks: () => inOrder(storage, 0, elements(kept) * elementBytes[type]) }
}

/**
 * Rows as llama.cpp's rotary embedding wants them: of each head, those of the first and of the second half in turn,
 * where Hugging Face keeps one half after the other (upstream convert/convert_llama.go, repack).
 */
export function interleaveHalves(source: SourceTensor, heads: number): Tensor {
  const { name, shape, storage } = source
  const rows = shape[0]!
  const half = rows / heads / 2
  if (!Number.isInteger(half)) throw unusable(`tensor ${name} has ${rows} rows, which ${heads} heads cannot share`)
  const rowBytes = storage.bytes / Math.max(rows, 1)
  if (rowBytes > maxRowBytes) throw unusable(`tensor ${name} has rows of ${rowBytes} bytes`)
  return { name, shape, type: elementType(source), chunks: () => halvesInTurn(storage, { heads, half, rowBytes }) }
}

/** Every element with one added, as F32 (upstream convert/convert_gemma.go, addOne). */
export function plusOne(source: SourceTensor): Tensor {
  const type = elementType(source)
  return {
    ...asIs(source),
    type: 'F32',
    async *chunks() {
      for await (const chunk of inOrder(source.storage, 0, source.storage.bytes)) {
        const singles = toSingles(chunk, type)
        const values = new Float32Array(singles.buffer, 0, singles.length)
        for (let i = 0; i < values.length; i++) values[i]! += 1
        yield fromSingles(singles, 'F32')
      }
    },
  }
}

/** Rows and columns of a matrix swapped. Reads all of it. */
export async function transpose(source: SourceTensor): Promise<SourceTensor> {
  const [rows, columns] = source.shape as [number, number]
  if (source.storage.bytes > maxTransposedBytes) throw unusable(`tensor ${source.name} is too large for an adapter's`)
  const size = elementBytes[elementType(source)]
  const from = await readAll(source.storage)
  const to = new Uint8Array(from.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * size
      to.set(from.subarray(at, at + size), (column * rows + row) * size)
    }
  }
  return { ...source, shape: [columns, rows], storage: inMemory(to) }
}

/** A tensor that the folder does not have, of F32. */
export function computed(name: string, values: readonly number[]): Tensor {
  return {
    name,
    type: 'F32' satisfies ElementType,
    shape: [values.length],
    async *chunks() {
      yield new Uint8Array(new Float32Array(values).buffer)
    },
  }
}

async function* inOrder(storage: Storage, from: number, to: number): AsyncGenerator<Uint8Array> {
  const opened = await storage.open()
  try {
    const buffer = new Uint8Array(Math.min(chunkBytes, to - from))
    for (let at = from; at < to; at += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, to - at))
      await opened.fill(chunk, at)
      yield chunk
    }
  } finally {
    await opened.close()
  }
}

async function* halvesInTurn(
  storage: Storage,
  { heads, half, rowBytes }: { heads: number; half: number; rowBytes: number },
): AsyncGenerator<Uint8Array> {
  const atOnce = Math.max(1, Math.min(half, Math.floor(chunkBytes / 2 / rowBytes)))
  const first = new Uint8Array(atOnce * rowBytes)
  const second = new Uint8Array(atOnce * rowBytes)
  const turns = new Uint8Array(2 * atOnce * rowBytes)
  const opened = await storage.open()
  try {
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < half; row += atOnce) {
        const rows = Math.min(atOnce, half - row)
        const start = (head * 2 * half + row) * rowBytes
        await opened.fill(first.subarray(0, rows * rowBytes), start)
        await opened.fill(second.subarray(0, rows * rowBytes), start + half * rowBytes)
        for (let i = 0; i < rows; i++) {
          turns.set(first.subarray(i * rowBytes, (i + 1) * rowBytes), 2 * i * rowBytes)
          turns.set(second.subarray(i * rowBytes, (i + 1) * rowBytes), (2 * i + 1) * rowBytes)
        }
        yield turns.subarray(0, 2 * rows * rowBytes)
      }
    }
  } finally {
    await opened.close()
  }
}
