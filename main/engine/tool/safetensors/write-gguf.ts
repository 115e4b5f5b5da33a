import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { requireSpace } from '../../../files/free-space.ts'
import { entry, fileHeader, ggufVersion, padding } from '../../../gguf/encoding.ts'
import type { ToolHooks } from '../../tool-engine.ts'
import { writeNewFile } from '../new-file.ts'
import type { Plan } from './plan.ts'
import { cast, type ElementType, elementBytes, ggmlType } from './tensors/element-type.ts'
import { outputType } from './tensors/output-type.ts'
import { elements, type Tensor } from './tensors/tensor.ts'

const alignment = 32

/**
 * Writes a GGUF tensor by tensor, a few megabytes of it in memory at a time.
 * @param output must not exist; removed again when anything fails
 * @throws Problem `disk-full` before the first byte where they will not fit; what reading or writing throws; the
 *   signal's reason
 */
export async function writeGguf(output: string, { metadata, tensors }: Plan, hooks: ToolHooks): Promise<void> {
  const order = tensors.map(placed).sort(byBlockAndName)
  await requireSpace(dirname(output), sizeOf(order))
  await writeNewFile(output, file => write(file, metadata, order, hooks))
}

interface Placed {
  readonly tensor: Tensor
  readonly as: ElementType
  readonly bytes: number
}

function placed(tensor: Tensor): Placed {
  const as = outputType(tensor)
  return { tensor, as, bytes: elements(tensor.shape) * elementBytes[as] }
}

const sizeOf = (tensors: readonly Placed[]): number => tensors.reduce((sum, { bytes }) => sum + bytes, 0)

/** Upstream's order (fs/ggml/gguf.go): what belongs to no block first. */
function byBlockAndName({ tensor: a }: Placed, { tensor: b }: Placed): number {
  const block = (name: string) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1)
  return block(a.name) - block(b.name) || (a.name < b.name ? -1 : 1)
}

async function write(file: FileHandle, metadata: Plan['metadata'], tensors: readonly Placed[], hooks: ToolHooks) {
  const { signal, onProgress } = hooks
  const keys = Object.keys(metadata).sort()
  const records = tensors.map(({ tensor: { name, shape }, as, bytes }) => {
    return { name, shape: shape.toReversed(), type: ggmlType[as], bytes }
  })
  const entries = keys.map(key => entry(key, metadata[key]!))
  signal?.throwIfAborted()
  await file.appendFile(fileHeader(ggufVersion, entries, records, alignment))

  const total = sizeOf(tensors)
  let done = 0
  for (const { tensor, as, bytes } of tensors) {
    for await (const chunk of tensor.chunks()) {
      signal?.throwIfAborted()
      const written = cast(chunk, tensor.type, as)
      await file.appendFile(written)
      done += written.length
      onProgress?.(done, total)
    }
    await file.appendFile(padding(bytes, alignment))
  }
}
