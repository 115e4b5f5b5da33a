import type { ElementType } from './element-type.ts'
import type { Tensor } from './tensor.ts'

/** Small tensors whose precision matters more than their size (upstream convert/reader.go, Kind). */
const keptSingle = [/\.ffn_gate_inp\.weight$/, /\.bias$/, /^token_types\.weight$/]

/** The type a tensor gets in the GGUF (upstream convert/reader.go and reader_safetensors.go). */
export function outputType({ name, shape, type }: Pick<Tensor, 'name' | 'shape' | 'type'>): ElementType {
  if (shape.length === 1 || keptSingle.some(pattern => pattern.test(name))) return 'F32'
  return type === 'BF16' ? 'BF16' : 'F16'
}
