import { architectureOf } from '../../../gguf/metadata.ts'
import { type GgufHeader, tensorTypeNumber } from '../../../gguf/types.ts'
import type { TensorOverride } from './libllama.ts'

/** Tensors that upstream keeps finer than llama.cpp's Q4_K mixtures do (upstream server/quantization.go). */
const finerThanQ4: Readonly<Record<string, readonly (readonly [pattern: string, type: string])[]>> = {
  qwen35: [['^blk\\.[0-9]+\\.nextn\\.eh_proj\\.weight$', 'Q8_0']],
  qwen35moe: [['^blk\\.[0-9]+\\.nextn\\.eh_proj\\.weight$', 'Q8_0']],
  gemma3n: [['^per_layer_token_embd\\.weight$', 'F16']],
  deepseek2: [['\\.(attn_k_b|attn_q_a|attn_q_b|attn_v_b|attn_kv_a_mqa)\\.weight$', 'Q8_0']],
  glmocr: [['^(token_embd|output)\\.weight$', 'F16']],
  glm4: [['^(token_embd|output)\\.weight$', 'F16']],
}

/** Tensors of an encoder for pictures or sound, or of a draft head, that lie in the model's own file. */
const embedded = /^(a|mm|mtp|s|v)\./

/**
 * The tensors whose type is not left to llama.cpp: what upstream keeps finer, and embedded encoders, which stay as they
 * are. Their precision costs little and their loss much.
 */
export function tensorOverrides(header: GgufHeader, fileType: string): TensorOverride[] {
  const finer = fileType.startsWith('Q4_K') ? (finerThanQ4[architectureOf(header)] ?? []) : []
  return [
    ...header.tensors
      .filter(({ name }) => embedded.test(name))
      .map(({ name, type }) => ({ pattern: `^${name.replace(/[^\w]/g, '\\$&')}$`, type })),
    ...finer.map(([pattern, type]) => ({ pattern, type: tensorTypeNumber(type) })),
  ]
}
