import { bool, int32s, string, uint32 } from '../../encoding.ts'
import { always, type Family } from '../family.ts'
import { imageStatistics, namePatches, visionKeys } from '../projector.ts'

/** Qwen 2.5 VL: llama.cpp loads it as Qwen 2 VL, with a fourth section of positions; its encoder is inside. */
export const qwen25vl: Family = {
  matches: always,
  encoders: ['v.', 'mm.'],
  model: async ({ metadata }) => {
    const sections = await metadata.numbers('qwen25vl.rope.mrope_section')
    metadata.moveTo('qwen2vl', 'qwen25vl')
    if (sections.length >= 3) metadata.set('qwen2vl.rope.dimension_sections', int32s([...sections.slice(0, 3), 0]))
  },
  projector: async draft => {
    const { metadata } = draft
    visionKeys(draft, 'qwen25vl', [
      'attention.head_count',
      'attention.layer_norm_epsilon',
      'block_count',
      'embedding_length',
      'num_channels',
      'patch_size',
      'spatial_merge_size',
      'window_size',
    ])
    metadata.copy('qwen25vl.embedding_length', 'clip.vision.projection_dim')
    const width = draft.length('v.blk.0.ffn_up.weight', 1)
    if (width) metadata.setMissing('clip.vision.feed_forward_length', uint32(width))
    // Every so many blocks the encoder looks at the whole picture, at a window of it else.
    const [whole = 7] = await metadata.numbers('qwen25vl.vision.fullatt_block_indexes')
    metadata.set('clip.vision.n_wa_pattern', uint32(whole + 1))
    metadata.setMissing('clip.vision.image_size', uint32(560))
    imageStatistics(draft, 'clip')
    metadata.setMissing('clip.use_silu', bool(true))
    metadata.set('clip.projector_type', string('qwen2.5vl_merger'))
    draft.renameAll([
      ['v.merger.ln_q', 'v.post_ln'],
      ['v.merger.mlp.0', 'mm.0'],
      ['v.merger.mlp.2', 'mm.2'],
    ])
    namePatches(draft)
  },
}
