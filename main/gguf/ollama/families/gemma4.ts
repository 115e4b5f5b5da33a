import { string, uint32 } from '../../encoding.ts'
import { text } from '../../metadata.ts'
import { type Family, hasTensor } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'

/**
 * Gemma 4: named for the wrong tokenizer, its encoders inside. The one for sound is left out: llama.cpp takes its
 * projector's width from a tensor that these files lack (upstream patches that, too).
 */
export const gemma4: Family = {
  matches: header =>
    hasTensor(header, 'a.', 'v.', 'mm.', 'model.vision_tower.') || text(header, 'tokenizer.ggml.model') === 'llama',
  encoders: ['a.', 'v.', 'mm.', 'model.vision_tower.'],
  model: draft => {
    const { metadata } = draft
    if (metadata.text('tokenizer.ggml.model') === 'llama') metadata.set('tokenizer.ggml.model', string('gemma4'))
    draft.renameAll([['ffn_gate_inp.per_expert_scale', 'ffn_down_exps.scale']])
  },
  projector: draft => {
    draft.dropPrefixed(['a.', 'mm.a.'])
    visionKeys(draft, 'gemma4', [
      'block_count',
      'embedding_length',
      'feed_forward_length',
      'attention.head_count',
      'attention.layer_norm_epsilon',
      'patch_size',
    ])
    draft.metadata.copy('gemma4.embedding_length', 'clip.vision.projection_dim')
    draft.metadata.setMissing('clip.vision.image_size', uint32(224))
    draft.metadata.set('clip.vision.projector_type', string('gemma4v'))
    imageStatistics(draft, 'none')
    draft.toF32('v.patch_embd.weight')
  },
}
