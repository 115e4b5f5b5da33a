import { bool, float32, string, uint32 } from '../../encoding.ts'
import { natural } from '../../metadata.ts'
import type { Renaming } from '../draft.ts'
import { type Family, hasKey, hasTensor } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'

/** Context from which on Gemma 3 stretches its positions by eight; the smallest model does not. */
const stretchedContext = 131_072

/** Gemma 3: rotary bases under other names, no epsilon, a vocabulary larger than its embeddings, its encoder inside. */
export const gemma3: Family = {
  matches: header =>
    !hasTensor(header, 'dense.0.weight') &&
    (hasKey(
      header,
      'gemma3.mm.tokens_per_image',
      'gemma3.rope.global.freq_base',
      'gemma3.rope.local.freq_base',
      'tokenizer.ggml.add_padding_token',
      'tokenizer.ggml.add_unknown_token',
    ) ||
      hasTensor(header, 'v.', 'mm.') ||
      !hasKey(header, 'gemma3.attention.layer_norm_rms_epsilon')),
  encoders: ['v.', 'mm.'],
  model: async draft => {
    const { metadata } = draft
    metadata.copy('gemma3.rope.global.freq_base', 'gemma3.rope.freq_base')
    metadata.copy('gemma3.rope.local.freq_base', 'gemma3.rope.freq_base_swa')
    metadata.setMissing('gemma3.attention.layer_norm_rms_epsilon', float32(1e-6))
    metadata.setMissing('gemma3.rope.freq_base', float32(1_000_000))
    metadata.setMissing('gemma3.rope.freq_base_swa', float32(10_000))
    if ((natural(draft.header, 'gemma3.context_length') ?? 0) >= stretchedContext) {
      metadata.setMissing('gemma3.rope.scaling.type', string('linear'))
      metadata.setMissing('gemma3.rope.scaling.factor', float32(8))
    }
    const rows = draft.length('token_embd.weight', 1)
    if (rows) await metadata.shortenVocabulary(rows)
  },
  projector: draft => {
    visionKeys(draft, 'gemma3', [
      'block_count',
      'embedding_length',
      'feed_forward_length',
      'image_size',
      'patch_size',
      'attention.head_count',
      'attention.layer_norm_epsilon',
    ])
    draft.metadata.copy('gemma3.embedding_length', 'clip.vision.projection_dim')
    imageStatistics(draft, 'half')
    draft.metadata.set('clip.projector_type', string('gemma3'))
    draft.metadata.setMissing('clip.use_gelu', bool(true))
    draft.renameAll(vision)
    draft.toF32('v.patch_embd.weight')
    draft.toF32('v.position_embd.weight')
  },
}

const vision: readonly Renaming[] = [
  ['v.patch_embedding', 'v.patch_embd'],
  ['v.position_embedding', 'v.position_embd'],
  ['v.post_layernorm', 'v.post_ln'],
  ['layer_norm1', 'ln1'],
  ['layer_norm2', 'ln2'],
  ['attn_output', 'attn_out'],
  ['mlp.fc1', 'ffn_down'],
  ['mlp.fc2', 'ffn_up'],
  ['mm.mm_input_projection', 'mm.input_projection'],
  ['mm.mm_soft_emb_norm', 'mm.soft_emb_norm'],
]

/** EmbeddingGemma, which says it was Gemma 3: it reads its text both ways, and has two dense layers behind. */
export const embeddingGemma: Family = {
  matches: header => hasTensor(header, 'dense.0.weight'),
  model: draft => {
    const { metadata } = draft
    metadata.moveTo('gemma-embedding', 'gemma3')
    metadata.remove('gemma-embedding.attention.causal')
    metadata.remove('gemma-embedding.attention.sliding_window_pattern')
    metadata.setMissing('gemma-embedding.rope.freq_base_swa', float32(10_000))
    for (const [layer, from] of [
      [2, 'dense.0.weight'],
      [3, 'dense.1.weight'],
    ] as const) {
      const [inputs, outputs] = [draft.length(from, 0), draft.length(from, 1)]
      if (inputs === undefined || outputs === undefined) continue
      metadata.set(`gemma-embedding.dense_${layer}_feat_in`, uint32(inputs))
      metadata.set(`gemma-embedding.dense_${layer}_feat_out`, uint32(outputs))
      draft.rename(from, `dense_${layer}.weight`)
    }
    draft.rename('norm.weight', 'output_norm.weight')
  },
}
