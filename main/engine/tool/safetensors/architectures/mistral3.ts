import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import type { Converter } from './converter.ts'
import { DECODER_TENSORS, decoderMetadata, decoderName, decoderSizes, keyAndValueLength } from './decoder.ts'
import { withRotaryRows } from './llama.ts'
import { readRope, ropeBase, ropeScaling } from './rope.ts'

/** Ministral 3 (upstream convert/convert_mistral_causal.go; keys as llama.cpp's mistral3 reads them). */
export function mistral3(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  const { scaling } = rope
  const number = (name: string) => {
    const value = scaling.number(name)
    return value === undefined ? undefined : float32(value)
  }
  return {
    architecture: 'mistral3',
    metadata: {
      ...decoderMetadata(config, sizes),
      ...keyAndValueLength(sizes.headSize),
      'rope.dimension_count': uint32(sizes.headSize),
      ...ropeBase(rope),
      ...ropeScaling(rope),
      ...(rope.type === 'yarn' && {
        'rope.scaling.yarn_beta_fast': number('beta_fast'),
        'rope.scaling.yarn_beta_slow': number('beta_slow'),
        'rope.scaling.yarn_log_multiplier': number('mscale_all_dim'),
      }),
      'attention.temperature_scale': number('llama_4_scaling_beta'),
    },
    blocks: sizes.blocks,
    rename: decoderName,
    tensors: DECODER_TENSORS,
    adapt: tensor => withRotaryRows(tensor, sizes),
  }
}
