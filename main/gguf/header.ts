import { open } from 'node:fs/promises'
import { brokenModelFile } from './broken.ts'
import { ByteReader, type ByteSource } from './byte-reader.ts'
import {
  elementCount,
  type GgufArray,
  type GgufEntry,
  type GgufHeader,
  type GgufTensor,
  GgufType,
  type GgufValue,
  isArray,
  minValueBytes,
  tensorBytes,
  tensorTypeName,
} from './types.ts'
import { readScalar, readString, skipStrings, unknownType } from './values.ts'

/** Limits far above any real header (the largest vocabularies take some forty megabytes), far below what would hurt. */
const maxHeaderBytes = 512 * 1024 * 1024
const maxNameBytes = 64 * 1024
const maxEntries = 65_536
const maxTensors = 262_144
/** ggml.h, GGML_MAX_DIMS. */
const maxDimensions = 4
const defaultAlignment = 32
/**
 * Smallest entry: an empty key's length, a type, one byte. Smallest tensor: a name's length, no dimension, type,
 * offset.
 */
const minEntryBytes = 13
const minTensorBytes = 24

/** Whether the first four bytes of a file say GGUF, in either byte order. */
export async function isGguf(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    const magic = buffer.toString('latin1', 0, bytesRead)
    return magic === 'GGUF' || magic === 'FUGG'
  } finally {
    await handle.close()
  }
}

/**
 * Reads the header of a GGUF file, version 2 or 3: its metadata and where its tensors lie, nothing of their data.
 * What the file claims is checked against its size before anything is allocated.
 * @throws Problem `broken-model-file` with the reason, or the file system's error
 */
export async function readHeader(path: string): Promise<GgufHeader> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    return await parseHeader(handle, size)
  } finally {
    await handle.close()
  }
}

/**
 * The same from any source of a file's bytes.
 * @param size bytes of the whole file
 */
export async function parseHeader(source: ByteSource, size: number): Promise<GgufHeader> {
  const reader = new ByteReader(source, size)
  if (reader.fileSize < 4) throw brokenModelFile('not a GGUF file')
  await reader.need(4)
  const magic = reader.utf8(4)
  if (magic === 'FUGG') throw brokenModelFile('its byte order is big-endian, which is not supported')
  if (magic !== 'GGUF') throw brokenModelFile('not a GGUF file')
  await reader.need(20)
  const version = reader.u32()
  if (version === 1) throw brokenModelFile('GGUF version 1 is no longer supported')
  if (version !== 0 && (version & 0xffff) === 0) {
    throw brokenModelFile('its byte order is big-endian, which is not supported')
  }
  if (version !== 2 && version !== 3) throw brokenModelFile(`GGUF version ${version} is not supported`)

  const tensorCount = count(reader, 'tensors', maxTensors, minTensorBytes)
  const entryCount = count(reader, 'metadata entries', maxEntries, minEntryBytes)
  const entries = await readEntries(reader, entryCount)
  const alignment = readAlignment(entries)
  const placed = await readTensors(reader, tensorCount)
  const dataOffset = Math.ceil(reader.position / alignment) * alignment
  const tensors = placed.map(tensor => checkPlace(tensor, dataOffset, reader.fileSize))
  const dataBytes = tensors.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  if (dataOffset + dataBytes > reader.fileSize && tensors.length > 0) throw brokenModelFile('its tensors overlap')
  return { version, entries, tensors, alignment, dataOffset, fileSize: reader.fileSize }
}

function count(reader: ByteReader, what: string, limit: number, smallest: number): number {
  const claimed = reader.length64()
  if (claimed * smallest > reader.remaining || claimed > limit) {
    throw brokenModelFile(`it claims ${claimed} ${what}, more than it can hold`)
  }
  return claimed
}

function checkLength(reader: ByteReader): void {
  if (reader.position > maxHeaderBytes) throw brokenModelFile('its header is larger than 512 MiB')
}

async function readEntries(reader: ByteReader, entryCount: number): Promise<Map<string, GgufEntry>> {
  const entries = new Map<string, GgufEntry>()
  for (let i = 0; i < entryCount; i++) {
    const start = reader.position
    const key = await readString(reader, maxNameBytes, 'a metadata key')
    if (key === '') throw brokenModelFile('a metadata key is empty')
    if (entries.has(key)) throw brokenModelFile(`its metadata has ${JSON.stringify(key)} twice`)
    await reader.need(4)
    const value = await readValue(reader, reader.u32(), key)
    entries.set(key, { key, value, start, end: reader.position })
    checkLength(reader)
  }
  return entries
}

async function readValue(reader: ByteReader, type: number, key: string): Promise<GgufValue> {
  if (type !== GgufType.array) return readScalar(reader, type, key)
  await reader.need(12)
  const elementType = reader.u32()
  const length = reader.length64()
  const smallest = minValueBytes[elementType]
  if (smallest === undefined || elementType === GgufType.array) throw unknownType(elementType, key)
  if (length * smallest > reader.remaining) {
    throw brokenModelFile(`it claims ${length} values in ${JSON.stringify(key)}, more than it can hold`)
  }
  const array: GgufArray = { elementType, length, position: reader.position }
  if (elementType === GgufType.string) await skipStrings(reader, length)
  else reader.skip(length * smallest)
  return array
}

function readAlignment(entries: ReadonlyMap<string, GgufEntry>): number {
  const value = entries.get('general.alignment')?.value ?? defaultAlignment
  // A power of two, and no larger than a page table could want.
  if (typeof value === 'number' && value > 0 && value <= 2 ** 30 && Number.isInteger(Math.log2(value))) return value
  throw brokenModelFile(`its alignment is ${isArray(value) ? 'an array' : value}, not a power of two`)
}

async function readTensors(reader: ByteReader, tensorCount: number): Promise<GgufTensor[]> {
  const tensors: GgufTensor[] = []
  const names = new Set<string>()
  for (let i = 0; i < tensorCount; i++) {
    const name = await readString(reader, maxNameBytes, 'a tensor name')
    if (names.has(name)) throw brokenModelFile(`it has the tensor ${JSON.stringify(name)} twice`)
    names.add(name)
    await reader.need(4)
    const dimensions = reader.u32()
    if (dimensions > maxDimensions) throw brokenModelFile(`tensor ${JSON.stringify(name)} has ${dimensions} dimensions`)
    await reader.need(dimensions * 8 + 12)
    const shape = Array.from({ length: dimensions }, () => reader.length64())
    const type = reader.u32()
    const offset = reader.length64()
    if (!Number.isSafeInteger(elementCount(shape))) {
      throw brokenModelFile(`tensor ${JSON.stringify(name)} claims an impossible shape`)
    }
    tensors.push({ name, type, shape, offset, bytes: tensorBytes(type, shape) })
    checkLength(reader)
  }
  return tensors
}

function checkPlace(tensor: GgufTensor, dataOffset: number, fileSize: number): GgufTensor {
  const { bytes, offset } = tensor
  if (Number.isNaN(bytes)) {
    const type = tensorTypeName(tensor.type)
    throw brokenModelFile(`tensor ${JSON.stringify(tensor.name)} has rows that are no whole number of ${type} blocks`)
  }
  if (dataOffset + offset + (bytes ?? 0) > fileSize) {
    throw brokenModelFile(`the data of tensor ${JSON.stringify(tensor.name)} lies beyond the end of the file`)
  }
  return tensor
}
