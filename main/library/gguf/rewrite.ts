import { open } from 'node:fs/promises'
import { brokenModelFile } from '../../gguf/broken.ts'
import { entry, fileHeader, padding, string } from '../../gguf/encoding.ts'
import type { GgufHeader, GgufTensor } from '../../gguf/types.ts'

/** A file whose header has been read. */
export interface GgufSource {
  readonly path: string
  readonly header: GgufHeader
}

export interface GgufEdit {
  /** Metadata of the first source that is left out. */
  readonly drop?: (key: string) => boolean
  /** Texts added at the end of the metadata. */
  readonly add?: Readonly<Record<string, string>>
}

const chunkBytes = 1024 * 1024
/** Bytes. Files have 32; from strangers, up to 2 GiB of zeros behind each tensor. */
const mostAligned = 64 * 1024

/**
 * Writes the tensors of all sources into one GGUF, with the first one's metadata copied byte for byte but for `edit`.
 * @param write takes the pieces in order and may be slow; at most a megabyte is held
 * @param onBytes told the bytes of tensor data written so far
 * @throws Problem `broken-model-file`
 */
export async function rewriteGguf(
  sources: readonly [GgufSource, ...GgufSource[]],
  edit: GgufEdit,
  write: (bytes: Uint8Array) => Promise<void>,
  options: { onBytes?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const { alignment } = sources[0].header
  if (alignment > mostAligned)
    throw brokenModelFile(`its alignment is ${alignment}, which would be more gaps than weights`)
  await write(await header(sources, edit))
  let done = 0
  for (const source of sources) {
    const handle = await open(source.path)
    try {
      for (const tensor of source.header.tensors) {
        const bytes = sizeOf(tensor)
        const start = source.header.dataOffset + tensor.offset
        for (let at = 0; at < bytes; ) {
          options.signal?.throwIfAborted()
          const length = Math.min(chunkBytes, bytes - at)
          const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, start + at)
          if (bytesRead === 0) throw brokenModelFile('the file became shorter while it was read')
          await write(buffer.subarray(0, bytesRead))
          at += bytesRead
          done += bytesRead
          options.onBytes?.(done)
        }
        await write(padding(bytes, alignment))
      }
    } finally {
      await handle.close()
    }
  }
}

async function header(sources: readonly [GgufSource, ...GgufSource[]], edit: GgufEdit): Promise<Buffer> {
  const [first] = sources
  const entries: Buffer[] = []
  const handle = await open(first.path)
  try {
    for (const { key, start, end } of first.header.entries.values()) {
      if (edit.drop?.(key)) continue
      const bytes = Buffer.alloc(end - start)
      await handle.read(bytes, 0, bytes.length, start)
      entries.push(bytes)
    }
  } finally {
    await handle.close()
  }
  for (const [key, value] of Object.entries(edit.add ?? {})) entries.push(entry(key, string(value)))
  const tensors = sources.flatMap(source => source.header.tensors)
  const placed = tensors.map(tensor => ({ ...tensor, bytes: sizeOf(tensor) }))
  return fileHeader(first.header.version, entries, placed, first.header.alignment)
}

function sizeOf(tensor: GgufTensor): number {
  if (tensor.bytes !== undefined) return tensor.bytes
  throw brokenModelFile(`tensor ${JSON.stringify(tensor.name)} has the unknown type ${tensor.type}`)
}
