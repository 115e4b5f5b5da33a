import { bool, float32, string, uint32 } from '../../encoding.ts'
import type { Renaming } from '../draft.ts'
import { always, type Family } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'

/** DeepSeek OCR: two numbers that only its tensors' shapes tell, and two encoders inside. */
export const deepseekOcr: Family = {
  matches: always,
  encoders: ['s.', 'v.', 'mm.'],
  model: draft => {
    const { metadata } = draft
    metadata.moveTo('deepseek2-ocr', 'deepseekocr')
    metadata.setMissing('deepseek2-ocr.attention.layer_norm_rms_epsilon', float32(1e-6))
    const told = metadata.number('deepseekocr.expert_feed_forward_length')
    const expert = told ?? draft.length('blk.1.ffn_down_exps.weight', 0)
    const shared = draft.length('blk.1.ffn_down_shexp.weight', 0)
    if (!expert) return
    metadata.setMissing('deepseek2-ocr.expert_feed_forward_length', uint32(expert))
    if (shared) metadata.setMissing('deepseek2-ocr.expert_shared_count', uint32(Math.floor(shared / expert)))
  },
  projector: draft => {
    const { metadata } = draft
    visionKeys(draft, 'deepseekocr', ['block_count', 'embedding_length', 'image_size', 'patch_size'], {
      head_count: 'attention.head_count',
    })
    for (const key of ['block_count', 'embedding_length', 'head_count']) {
      metadata.copy(`deepseekocr.sam.${key}`, `clip.vision.sam.${key}`)
    }
    metadata.setMissing('clip.vision.feed_forward_length', uint32(64))
    metadata.setMissing('clip.vision.projection_dim', uint32(1280))
    metadata.setMissing('clip.vision.projector.scale_factor', uint32(1))
    metadata.setMissing('clip.vision.window_size', uint32(14))
    metadata.setMissing('clip.vision.attention.layer_norm_epsilon', float32(1e-6))
    imageStatistics(draft, 'half')
    metadata.setMissing('clip.use_gelu', bool(true))
    metadata.set('clip.projector_type', string('deepseekocr'))
    for (const { name } of draft.tensors) if (name.startsWith('s.')) draft.rename(name, `v.sam.${name.slice(2)}`)
    draft.rename('v.sam.position_embd', 'v.sam.pos_embd.weight')
    draft.renameAll(vision)
    for (const name of ['v.patch_embd', 'v.sam.patch_embd', 'v.position_embd']) draft.toF32(`${name}.weight`)
  },
}

const vision: readonly Renaming[] = [
  ['self_attn.out_proj', 'attn_out'],
  ['self_attn.qkv_proj', 'attn_qkv'],
  ['layer_norm1', 'ln1'],
  ['layer_norm2', 'ln2'],
  ['mlp.fc1', 'ffn_up'],
  ['mlp.fc2', 'ffn_down'],
  // As these files spell it.
  ['v.pre_layrnorm', 'v.pre_ln'],
  ['attn.proj', 'attn.out'],
  ['attn.rel_pos_h', 'attn.pos_h.weight'],
  ['attn.rel_pos_w', 'attn.pos_w.weight'],
  ['norm1', 'pre_ln'],
  ['norm2', 'post_ln'],
  ['mm.layers', 'mm.model.fc'],
  ['mm.image_newline', 'v.image_newline'],
  ['mm.view_seperator', 'v.view_seperator'],
]
