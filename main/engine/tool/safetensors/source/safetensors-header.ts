import { open } from 'node:fs/promises'
import { elements, type SourceTensor } from '../tensors/tensor.ts'
import { unusable } from '../unusable.ts'
import { Fields } from './fields.ts'
import { inFile } from './storage.ts'

/** The format's own limit (safetensors, MAX_HEADER_SIZE). */
const maxHeaderBytes = 100_000_000
const lengthBytes = 8

/** Bytes of an element; a type not listed here has none of its own, or none that anyone reads. */
const typeBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
}

/**
 * Reads what a safetensors file says of its tensors: a length of eight bytes, JSON of that length, then the data. What
 * it claims is checked against the file's size before anything is allocated.
 * @param name what errors call the file
 * @throws Problem `broken-model-file` with the reason, or the file system's error
 */
export async function readTensors(name: string, path: string): Promise<SourceTensor[]> {
  const { text, dataStart, fileSize } = await readText(name, path)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unusable(`${name}: its header is not JSON`)
  }
  const dataBytes = fileSize - dataStart
  const tensors: { start: number; end: number; tensor: SourceTensor }[] = []
  for (const [key, value] of new Fields(name, json).entries()) {
    if (key === '__metadata__') continue
    const { type, shape, start, end } = readEntry(name, key, value)
    if (end > dataBytes) throw unusable(`${name}: the data of tensor ${quoted(key)} lies beyond the end of the file`)
    const storage = inFile(path, dataStart + start, end - start)
    tensors.push({ start, end, tensor: { name: key, type, shape, storage } })
  }
  const placed = tensors.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start)
  for (const [i, { start, tensor }] of placed.entries()) {
    if (i > 0 && start < placed[i - 1]!.end)
      throw unusable(`${name}: the data of tensor ${quoted(tensor.name)} overlaps`)
  }
  return tensors.map(({ tensor }) => tensor)
}

async function readText(name: string, path: string) {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const length = Buffer.alloc(lengthBytes)
    if (size < lengthBytes) throw unusable(`${name}: the file is cut off inside its header`)
    await handle.read(length, 0, lengthBytes, 0)
    const claimed = length.readUInt32LE(0) + length.readUInt32LE(4) * 2 ** 32
    if (claimed > maxHeaderBytes) throw unusable(`${name}: its header claims ${claimed} bytes, more than is sensible`)
    if (lengthBytes + claimed > size) throw unusable(`${name}: the file is cut off inside its header`)
    const header = Buffer.alloc(claimed)
    const { bytesRead } = await handle.read(header, 0, claimed, lengthBytes)
    if (bytesRead < claimed) throw unusable(`${name}: the file became shorter while it was read`)
    return { text: header.toString('utf8'), dataStart: lengthBytes + claimed, fileSize: size }
  } finally {
    await handle.close()
  }
}

function readEntry(file: string, key: string, value: unknown) {
  const wrong = (what: string) => unusable(`${file}: tensor ${quoted(key)} ${what}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('is not described by an object')
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>
  if (typeof dtype !== 'string') throw wrong('has no type')
  if (!isCounts(shape) || !Number.isSafeInteger(elements(shape))) throw wrong('has an impossible shape')
  if (!isCounts(offsets) || offsets.length !== 2) throw wrong('has impossible offsets')
  const [start, end] = offsets as [number, number]
  const bytes = typeBytes[dtype]
  if (start > end || (bytes !== undefined && end - start !== elements(shape) * bytes)) {
    throw wrong(`has ${end - start} bytes, which is not what its shape takes`)
  }
  // A scalar has no dimensions; GGUF's tensors have one at least.
  return { type: dtype, shape: shape.length === 0 ? [1] : shape, start, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0)
}

function quoted(name: string): string {
  return JSON.stringify(name)
}
