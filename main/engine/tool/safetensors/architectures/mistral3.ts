import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import type { Converter } from './converter.ts'
import { decoderMetadata, decoderName, decoderSizes, decoderTensors, keyAndValueLength } from './decoder.ts'
import { llama, withRotaryRows } from './llama.ts'
import { readRope, ropeBase, ropeScaling, ropeWarnings } from './rope.ts'
import { ofText, textSection } from './text-alone.ts'

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
    tensors: decoderTensors,
    adapt: tensor => withRotaryRows(tensor, sizes),
    warnings: ropeWarnings(rope),
  }
}

/**
 * Mistral's models that see, Mistral Small 3.1 and Ministral 3: the model of text, which is built like Llama in the
 * older ones; what they see with is left out (upstream convert/convert_mistral.go).
 */
export function mistral3Text(config: Fields): Converter {
  const text = textSection(config)
  const converter = text.text('model_type') === 'ministral3' ? mistral3(text) : llama(text)
  return { ...converter, rename: ofText(converter.rename) }
}
