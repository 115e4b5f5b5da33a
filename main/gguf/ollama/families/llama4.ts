import { bool, string, uint32 } from '../../encoding.ts'
import type { Renaming } from '../draft.ts'
import { type Family, hasTensor } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'

/** Llama 4: nothing but its encoder inside. */
export const llama4: Family = {
  matches: header => hasTensor(header, 'v.', 'mm.'),
  encoders: ['v.', 'mm.'],
  model: () => {},
  projector: draft => {
    const { metadata } = draft
    visionKeys(
      draft,
      'llama4',
      ['block_count', 'embedding_length', 'feed_forward_length', 'attention.head_count', 'image_size', 'patch_size'],
      { layer_norm_epsilon: 'attention.layer_norm_epsilon' },
    )
    metadata.copy('llama4.embedding_length', 'clip.vision.projection_dim')
    const ratio = metadata.number('llama4.vision.pixel_shuffle_ratio') ?? 0
    metadata.setMissing('clip.vision.projector.scale_factor', uint32((ratio > 0 && Math.round(1 / ratio)) || 2))
    imageStatistics(draft, 'half')
    metadata.setMissing('clip.use_gelu', bool(true))
    metadata.set('clip.projector_type', string('llama4'))
    metadata.set('clip.vision.projector_type', string('llama4'))
    draft.rename('v.positional_embedding_vlm', 'v.position_embd.weight')
    draft.renameAll(vision)
  },
}

/** The adapter's layers come before those of the same name in the encoder's blocks. */
const vision: readonly Renaming[] = [
  ['v.vision_adapter.mlp.fc1', 'mm.model.mlp.1'],
  ['v.vision_adapter.mlp.fc2', 'mm.model.mlp.2'],
  ['mm.linear_1', 'mm.model.fc'],
  ['v.class_embedding', 'v.class_embd'],
  ['v.layernorm_post', 'v.post_ln'],
  ['v.layernorm_pre', 'v.pre_ln'],
  ['v.patch_embedding', 'v.patch_embd'],
  ['attn_output', 'attn_out'],
  ['attn_norm', 'ln1'],
  ['ffn_norm', 'ln2'],
  ['mlp.fc1', 'ffn_up'],
  ['mlp.fc2', 'ffn_down'],
]
