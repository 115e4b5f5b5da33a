import { tensorTypeName } from '../../../gguf/types.ts'
import { Problem } from '../../../problem.ts'
import { cast } from '../safetensors/tensors/element-type.ts'
import { singleBits } from '../safetensors/tensors/half.ts'

/** Elements of a block of Q8_0: a scale in F16, and a signed byte for each (ggml-common.h, block_q8_0). */
const q80Elements = 32
const q80Bytes = 34

/** What cannot be taken apart in a type. @throws Problem `unsupported-architecture` for one that is not read here */
export function blocksAt(type: number): { readonly elements: number; readonly bytes: number } {
  const name = tensorTypeName(type)
  if (name === 'F32') return { elements: 1, bytes: 4 }
  if (name === 'F16' || name === 'BF16') return { elements: 1, bytes: 2 }
  if (name === 'Q8_0') return { elements: q80Elements, bytes: q80Bytes }
  throw new Problem('unsupported-architecture', 500, `its encoder has weights in ${name}, which cannot be translated`)
}

/**
 * Elements as F32.
 * @param bytes whole blocks, beginning at the beginning of their ArrayBuffer
 * @param type number of the ggml type
 */
export function inSinglePrecision(bytes: Buffer, type: number): Uint8Array {
  const name = tensorTypeName(type)
  if (name === 'F32' || name === 'F16' || name === 'BF16') return cast(bytes, name, 'F32')
  const blocks = bytes.length / q80Bytes
  const singles = new Float32Array(blocks * q80Elements)
  const scale = new Float32Array(1)
  const scaleBits = new Uint32Array(scale.buffer)
  for (let block = 0; block < blocks; block++) {
    const at = block * q80Bytes
    scaleBits[0] = singleBits(bytes.readUInt16LE(at))
    for (let i = 0; i < q80Elements; i++) {
      singles[block * q80Elements + i] = scale[0]! * bytes.readInt8(at + 2 + i)
    }
  }
  return new Uint8Array(singles.buffer)
}
