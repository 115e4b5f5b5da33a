import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import { computed } from '../tensors/read.ts'
import { unusable } from '../unusable.ts'
import type { Converter } from './converter.ts'
import { decoderMetadata, decoderName, decoderSizes } from './decoder.ts'
import { type Rope, readRope, ropeBase } from './rope.ts'

/** Phi 3: queries, keys and values in one matrix, gate and up in another (upstream convert/convert_phi3.go). */
export function phi3(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  const count = (value: number | undefined) => (value === undefined ? undefined : uint32(value))
  return {
    architecture: 'phi3',
    metadata: {
      ...decoderMetadata(config, sizes),
      'rope.dimension_count': uint32(sizes.headSize),
      ...ropeBase(rope),
      'rope.scaling.original_context_length': count(config.count('original_max_position_embeddings')),
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
    added: rope.scaling.has('long_factor')
      ? ['long', 'short'].map(length =>
          computed(`rope_factors_${length}.weight`, rope.scaling.numbers(`${length}_factor`)),
        )
      : [],
  }
}

/** What attention is multiplied by where texts are longer than those trained on. */
function attentionFactor(config: Fields, { type }: Rope) {
  if (type === 'none') return undefined
  const original = config.neededCount('original_max_position_embeddings')
  const scale = config.neededCount('max_position_embeddings') / original
  if (type === 'su' || type === 'longrope') {
    return float32(Math.max(Math.sqrt(1 + Math.log(scale) / Math.log(original)), 1))
  }
  if (type === 'yarn') return float32(Math.max(0.1 * Math.log(scale) + 1, 1))
  throw unusable(`unknown rope scaling type ${JSON.stringify(type)}`)
}
