import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import { computed } from '../tensors/read.ts'
import type { Tensor } from '../tensors/tensor.ts'
import { unusable } from '../unusable.ts'
import type { Converter } from './converter.ts'
import { decoderMetadata, decoderName, decoderSizes } from './decoder.ts'
import { type Rope, readRope, ropeBase } from './rope.ts'

/** Phi 3: queries, keys and values in one matrix, gate and up in another (upstream convert/convert_phi3.go). */
export function phi3(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  const rotated = rotatedDimensions(config, rope, sizes.headSize)
  const count = (value: number | undefined) => (value === undefined ? undefined : uint32(value))
  return {
    architecture: 'phi3',
    metadata: {
      ...decoderMetadata(config, sizes),
      'rope.dimension_count': uint32(rotated),
      ...ropeBase(rope),
      'rope.scaling.original_context_length': count(originalContext(config, rope)),
      'attention.sliding_window': count(config.count('sliding_window')),
      'rope.scaling.attn_factor': attentionFactor(config, rope),
    },
    blocks: sizes.blocks,
    rename: decoderName,
    tensors: {
      once: ['token_embd', 'output_norm'],
      optional: ['output'],
      inBlock: ['attn_norm', 'attn_qkv', 'attn_output', 'ffn_norm', 'ffn_up', 'ffn_down'],
    },
    added: factors(config, rope, rotated),
  }
}

/** Elements of a head that are rotated: in Phi-4-mini three of four. Newer files say it among `rope_parameters`. */
function rotatedDimensions(config: Fields, { scaling }: Rope, headSize: number): number {
  const share = config.number('partial_rotary_factor') ?? scaling.number('partial_rotary_factor') ?? 1
  if (share < 0 || share > 1) throw unusable(`parse ${config.file}: "partial_rotary_factor" is not between 0 and 1`)
  return Math.floor(share * headSize)
}

function originalContext(config: Fields, { scaling }: Rope): number | undefined {
  return config.count('original_max_position_embeddings') ?? scaling.count('original_max_position_embeddings')
}

/** A divisor for each pair of elements that is rotated, for texts longer than those trained on, and for the others. */
function factors(config: Fields, { scaling }: Rope, rotated: number): Tensor[] {
  if (!scaling.has('long_factor') && !scaling.has('short_factor')) return []
  return ['long', 'short'].map(length => {
    const numbers = scaling.numbers(`${length}_factor`)
    if (numbers.length !== Math.floor(rotated / 2)) {
      const wanted = `${rotated} rotated elements of a head want ${Math.floor(rotated / 2)}`
      throw unusable(`parse ${config.file}: "${length}_factor" has ${numbers.length} numbers, and ${wanted}`)
    }
    return computed(`rope_factors_${length}.weight`, numbers)
  })
}

/** What attention is multiplied by where texts are longer than those trained on. */
function attentionFactor(config: Fields, rope: Rope) {
  const { type } = rope
  if (type === 'none') return undefined
  const original = originalContext(config, rope) ?? config.neededCount('original_max_position_embeddings')
  const scale = config.neededCount('max_position_embeddings') / original
  if (type === 'su' || type === 'longrope') {
    return float32(Math.max(Math.sqrt(1 + Math.log(scale) / Math.log(original)), 1))
  }
  if (type === 'yarn') return float32(Math.max(0.1 * Math.log(scale) + 1, 1))
  throw unusable(`unknown rope scaling type ${JSON.stringify(type)}`)
}
