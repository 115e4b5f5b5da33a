import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import { asIs, plusOne } from '../tensors/read.ts'
import type { SourceTensor, Tensor } from '../tensors/tensor.ts'
import type { Converter } from './converter.ts'
import {
  decoderMetadata,
  decoderName,
  decoderPairs,
  decoderSizes,
  decoderTensors,
  keyAndValueLength,
} from './decoder.ts'
import { renaming } from './naming.ts'
import { readRope, ropeBase, ropeScaling, ropeWarnings } from './rope.ts'

/** Tokens Gemma 1 and 2 know a part for, which their files do not say. */
const tokenParts = {
  'tokenizer.ggml.eot_token_id': uint32(107),
  'tokenizer.ggml.middle_token_id': uint32(68),
  'tokenizer.ggml.prefix_token_id': uint32(67),
  'tokenizer.ggml.suffix_token_id': uint32(69),
}

/** What llama.cpp takes where a file does not say. */
const usualBase = 10_000

/** Gemma 1 (upstream convert/convert_gemma.go). */
export function gemma(config: Fields): Converter {
  const sizes = decoderSizes(config)
  const rope = readRope(config)
  return {
    architecture: 'gemma',
    metadata: {
      ...decoderMetadata(config, sizes),
      ...keyAndValueLength(sizes.headSize),
      ...tokenParts,
      // Upstream leaves it out, which is right for the models of Google alone.
      ...(rope.base === usualBase ? {} : ropeBase(rope)),
      ...ropeScaling(rope),
    },
    blocks: sizes.blocks,
    rename: name => untied(name, decoderName),
    tensors: decoderTensors,
    adapt: withNormsPlusOne,
    warnings: ropeWarnings(rope),
  }
}

/** Gemma 2, which norms after attention and after feed-forward too (upstream convert/convert_gemma2.go). */
export function gemma2(config: Fields): Converter {
  const number = (name: string) => {
    const value = config.number(name)
    return value === undefined ? undefined : float32(value)
  }
  const window = config.count('sliding_window')
  const base = gemma(config)
  return {
    ...base,
    architecture: 'gemma2',
    metadata: {
      ...base.metadata,
      'attention.sliding_window': window === undefined ? undefined : uint32(window),
      attn_logit_softcapping: number('attn_logit_softcapping'),
      final_logit_softcapping: number('final_logit_softcapping'),
    },
    rename: name => untied(name, gemma2Name),
    tensors: gemma2Tensors,
  }
}

const otherNorms = ['post_attention_layernorm', 'pre_feedforward_layernorm', 'post_feedforward_layernorm']

export const gemma2Pairs = [
  ...decoderPairs.filter(([from]) => !otherNorms.includes(from)),
  ['post_attention_layernorm', 'post_attention_norm'],
  ['pre_feedforward_layernorm', 'ffn_norm'],
  ['post_feedforward_layernorm', 'post_ffw_norm'],
] as const

const gemma2Name = renaming(gemma2Pairs)

export const gemma2Tensors = {
  ...decoderTensors,
  inBlock: [...decoderTensors.inBlock, 'post_attention_norm', 'post_ffw_norm'],
}

/** The output matrix is the embeddings', whose copy some files have under its own name. */
function untied(name: string, rename: (name: string) => string | undefined): string | undefined {
  return name === 'lm_head.weight' ? undefined : rename(name)
}

/** Gemma's norms multiply by one more than their weights. */
export function withNormsPlusOne(tensor: SourceTensor): Tensor {
  return tensor.name.endsWith('_norm.weight') ? plusOne(tensor) : asIs(tensor)
}
