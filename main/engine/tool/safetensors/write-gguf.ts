import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { requireSpace } from '../../../free-space.ts'
import { entry, fileHeader, padding } from '../../../gguf/encoding.ts'
import type { ToolHooks } from '../../tool-engine.ts'
import type { Plan } from './plan.ts'
import { cast, ELEMENT_BYTES, type ElementType, GGML_TYPE } from './tensors/element-type.ts'
import { outputType } from './tensors/output-type.ts'
import { elements, type Tensor } from './tensors/tensor.ts'

const VERSION = 3
const ALIGNMENT = 32

/**
 * Writes a GGUF tensor by tensor, a few megabytes of it in memory at a time.
 * @param output must not exist; removed again when anything fails
 * @throws Problem `disk-full` before the first byte where they will not fit; what reading or writing throws; the
 *   signal's reason
 */
export async function writeGguf(output: string, { metadata, tensors }: Plan, hooks: ToolHooks): Promise<void> {
  const order = tensors.map(placed).sort(byBlockAndName)
  await requireSpace(dirname(output), sizeOf(order))
  const handle = await open(output, 'wx')
  try {
    try {
      await write(handle, metadata, order, hooks)
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(output, { force: true })
    throw error
  }
}

interface Placed {
  readonly tensor: Tensor
  readonly as: ElementType
  readonly bytes: number
}

function placed(tensor: Tensor): Placed {
  const as = outputType(tensor)
  return { tensor, as, bytes: elements(tensor.shape) * ELEMENT_BYTES[as] }
}

const sizeOf = (tensors: readonly Placed[]): number => tensors.reduce((sum, { bytes }) => sum + bytes, 0)

/** Upstream's order (fs/ggml/gguf.go): what belongs to no block first. */
function byBlockAndName({ tensor: a }: Placed, { tensor: b }: Placed): number {
  const block = (name: string) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1)
  return block(a.name) - block(b.name) || (a.name < b.name ? -1 : 1)
}

async function write(handle: FileHandle, metadata: Plan['metadata'], tensors: readonly Placed[], hooks: ToolHooks) {
  const { signal, onProgress } = hooks
  const keys = Object.keys(metadata).sort()
  const records = tensors.map(({ tensor: { name, shape }, as, bytes }) => {
    return { name, shape: shape.toReversed(), type: GGML_TYPE[as], bytes }
  })
  const entries = keys.map(key => entry(key, metadata[key]!))
  signal?.throwIfAborted()
  await append(handle, fileHeader(VERSION, entries, records, ALIGNMENT))

  const total = sizeOf(tensors)
  let done = 0
  for (const { tensor, as, bytes } of tensors) {
    for await (const chunk of tensor.chunks()) {
      signal?.throwIfAborted()
      const written = cast(chunk, tensor.type, as)
      await append(handle, written)
      done += written.length
      onProgress?.(done, total)
    }
    await append(handle, padding(bytes, ALIGNMENT))
  }
}

/** A write may take less than it is given, as on a disk that is nearly full. */
async function append(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written)).bytesWritten
  }
}
