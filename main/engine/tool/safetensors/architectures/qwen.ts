import type { Fields } from '../source/fields.ts'
import type { Converter } from './converter.ts'
import { decoderMetadata, decoderName, decoderSizes, decoderTensors, keyAndValueLength } from './decoder.ts'
import { readRope, ropeBase, ropeScaling, ropeWarnings } from './rope.ts'

/** Qwen 2 and 2.5: their rows stay as they are (upstream convert/convert_qwen2.go). */
export function qwen2(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  return {
    architecture: 'qwen2',
    metadata: { ...decoderMetadata(config, sizes), ...ropeBase(rope), ...ropeScaling(rope) },
    blocks: sizes.blocks,
    rename: decoderName,
    tensors: decoderTensors,
    warnings: ropeWarnings(rope),
  }
}

/** Qwen 3, which norms queries and keys and says how long a head is (upstream convert/convert_qwen3.go). */
export function qwen3(config: Fields): Converter {
  const base = qwen2(config)
  const { headSize } = decoderSizes(config)
  return {
    ...base,
    architecture: 'qwen3',
    metadata: { ...base.metadata, ...keyAndValueLength(headSize) },
    tensors: { ...decoderTensors, inBlock: [...decoderTensors.inBlock, 'attn_q_norm', 'attn_k_norm'] },
  }
}
