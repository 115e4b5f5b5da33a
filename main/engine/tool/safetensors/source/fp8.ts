import { goQuote } from '../../../../go/text.ts'
import { fromSingles, toSingles } from '../tensors/element-type.ts'
import { elementType, type SourceTensor } from '../tensors/tensor.ts'
import { unusable } from '../unusable.ts'
import { Fields } from './fields.ts'
import { readAll, type Storage } from './storage.ts'

/** Eight bits with four of exponent; blocks of them share a scale that lies in a tensor of its own. */
const fp8Type = 'F8_E4M3'

/** Upstream's word for where the precision was lost; its presence makes Q8_0 of the model. */
export const hfFp8 = 'hf_fp8'

interface BlockSize {
  readonly rows: number
  readonly columns: number
}

export interface Decoded {
  readonly tensors: readonly SourceTensor[]
  /** Names of those that were FP8. */
  readonly fp8: readonly string[]
}

/**
 * Makes BF16 of FP8 tensors, as they are read, and takes their scales out (upstream convert/reader_safetensors.go).
 * @throws Problem in upstream's words when the size of blocks or a scale is missing
 */
export function decodeFp8(tensors: readonly SourceTensor[], config: Fields): Decoded {
  const names = tensors.filter(({ type }) => type === fp8Type).map(({ name }) => name)
  if (names.length === 0) return { tensors, fp8: [] }
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]))
  const block = blockSize(config)
  const used = new Set<string>()
  const decoded = new Map<string, SourceTensor>()
  for (const name of names) {
    if (!block) throw unusable(`missing fp8 block size metadata for tensor ${goQuote(name)}`)
    const scale = scaleOf(name, byName)
    used.add(scale.name)
    decoded.set(name, decodedTensor(byName.get(name)!, scale, block))
  }
  const kept = tensors.filter(({ name }) => !used.has(name))
  return { tensors: kept.map(tensor => decoded.get(tensor.name) ?? tensor), fp8: names }
}

function scaleOf(name: string, tensors: ReadonlyMap<string, SourceTensor>): SourceTensor {
  const base = name.replace(/\.weight$/, '')
  const candidates = ['_scale', '_scale_inv', '.scale', '.scale_inv'].map(end => name + end)
  const all = new Set([...candidates, `${base}.weight_scale`, `${base}.weight_scale_inv`])
  const [found, ...others] = [...all].flatMap(candidate => tensors.get(candidate) ?? [])
  if (!found) throw unusable(`missing fp8 scale companion for tensor ${goQuote(name)}`)
  if (others.length > 0) {
    const listed = [found, ...others].map(other => other.name).join(', ')
    throw unusable(`multiple fp8 scale companions for tensor ${goQuote(name)}: ${listed}`)
  }
  return found
}

/** As `quantization_config` has it, of its own or in the groups of compressed-tensors. */
function blockSize(config: Fields): BlockSize | undefined {
  const quantization = config.section('quantization_config')
  const sizes: (readonly number[])[] = []
  if (quantization.text('quant_method') === 'fp8') sizes.push(quantization.numbers('weight_block_size'))
  if (quantization.text('format') === 'float-quantized') {
    for (const [, group] of quantization.section('config_groups').entries()) {
      const weights = new Fields(config.file, group).section('weights')
      if (weights.count('num_bits') === 8) sizes.push(weights.numbers('block_structure'))
    }
  }
  const given = new Set(sizes.filter(({ length }) => length === 2).map(size => size.join('x')))
  if (given.size > 1) throw unusable(`multiple fp8 block sizes in config.json: ${[...given].join(', ')}`)
  const [size] = given
  const [rows, columns] = (size ?? '').split('x').map(Number) as [number, number]
  return rows > 0 && columns > 0 ? { rows, columns } : undefined
}

function decodedTensor(tensor: SourceTensor, scale: SourceTensor, block: BlockSize): SourceTensor {
  const [rows, columns] = tensor.shape as [number, number]
  const wanted = [Math.ceil(rows / block.rows), Math.ceil(columns / block.columns)]
  if (tensor.shape.length !== 2 || scale.shape.join() !== wanted.join()) {
    throw unusable(`the scales of tensor ${goQuote(tensor.name)} have shape [${scale.shape}], not [${wanted}]`)
  }
  return { ...tensor, type: 'BF16', storage: decoding(tensor.storage, columns, scale, block) }
}

function decoding(source: Storage, columns: number, scale: SourceTensor, block: BlockSize): Storage {
  return {
    bytes: 2 * source.bytes,
    open: async () => {
      const singles = toSingles(await readAll(scale.storage), elementType(scale))
      const scales = new Float32Array(singles.buffer, 0, singles.length)
      const acrossBlocks = Math.ceil(columns / block.columns)
      const opened = await source.open()
      return {
        fill: async (target, position) => {
          const codes = new Uint8Array(target.length / 2)
          await opened.fill(codes, position / 2)
          const values = new Float32Array(codes.length)
          for (let i = 0; i < codes.length; i++) {
            const element = position / 2 + i
            const [row, column] = [Math.floor(element / columns), element % columns]
            const at = Math.floor(row / block.rows) * acrossBlocks + Math.floor(column / block.columns)
            values[i] = fp8Values[codes[i]!]! * scales[at]!
          }
          target.set(fromSingles(new Uint32Array(values.buffer), 'BF16'))
        },
        close: () => opened.close(),
      }
    },
  }
}

/** What each code stands for: bias 7, no infinities, all ones for what is no number (OCP FP8, E4M3). */
const fp8Values = Float32Array.from({ length: 256 }, (_, code) => {
  const [exponent, fraction] = [(code >> 3) & 15, code & 7]
  if ((code & 0x7f) === 0x7f) return Number.NaN
  return (code >> 7 ? -1 : 1) * (exponent ? (1 + fraction / 8) * 2 ** (exponent - 7) : fraction * 2 ** -9)
})
