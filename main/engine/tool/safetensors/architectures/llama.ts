import { uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import { asIs, interleaveHalves } from '../tensors/read.ts'
import type { SourceTensor, Tensor } from '../tensors/tensor.ts'
import type { Converter } from './converter.ts'
import {
  type DecoderSizes,
  decoderMetadata,
  decoderName,
  decoderSizes,
  decoderTensors,
  keyAndValueLength,
} from './decoder.ts'
import { llama3Factors, readRope, ropeBase, ropeScaling, ropeWarnings } from './rope.ts'

/** Llama, and what is built like it: Mistral (upstream convert/convert_llama.go). */
export function llama(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  return {
    architecture: 'llama',
    metadata: {
      ...decoderMetadata(config, sizes),
      ...(config.has('head_dim') && keyAndValueLength(sizes.headSize)),
      'rope.dimension_count': uint32(sizes.headSize),
      ...ropeBase(rope),
      ...ropeScaling(rope),
    },
    blocks: sizes.blocks,
    rename: decoderName,
    tensors: decoderTensors,
    adapt: tensor => withRotaryRows(tensor, sizes),
    added: rope.type === 'llama3' ? [llama3Factors(rope, sizes.headSize)] : [],
    warnings: ropeWarnings(rope, 'llama3'),
  }
}

/**
 * Queries and keys with their rows as llama.cpp's rotary embedding wants them. So have the biases, which upstream
 * leaves as they are, though they are added to the same rows.
 */
export function withRotaryRows(tensor: SourceTensor, { heads, headsKv }: DecoderSizes): Tensor {
  const [, kind] = /\.attn_([qk])\.(?:weight|bias)$/.exec(tensor.name) ?? []
  if (!kind) return asIs(tensor)
  return interleaveHalves(tensor, kind === 'q' ? heads : headsKv)
}
