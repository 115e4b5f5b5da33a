import { bool, int32s, string, uint32 } from '../../encoding.ts'
import { natural } from '../../metadata.ts'
import { always, type Family, layersOf } from '../family.ts'
import { namePatches, visionKeys } from '../projector.ts'

/** GLM 4.7 Flash: DeepSeek's attention, with the lengths of one head where llama.cpp wants those of what they share. */
export const glm4moelite: Family = {
  matches: always,
  model: async ({ header, metadata }) => {
    const of = (key: string) => natural(header, `glm4moelite.${key}`)
    const [shared, rotated, head] = [
      of('attention.kv_lora_rank'),
      of('rope.dimension_count'),
      of('attention.key_length'),
    ]
    metadata.moveTo('deepseek2', 'glm4moelite')
    metadata.set('deepseek2.attention.head_count_kv', uint32(1))
    if (shared !== undefined && rotated !== undefined) {
      metadata.set('deepseek2.attention.key_length', uint32(shared + rotated))
      metadata.set('deepseek2.attention.value_length', uint32(shared))
    }
    if (head !== undefined) {
      metadata.set('deepseek2.attention.key_length_mla', uint32(head))
      metadata.set('deepseek2.attention.value_length_mla', uint32(head))
    }
    metadata.setMissing('deepseek2.expert_group_count', uint32(1))
    metadata.setMissing('deepseek2.expert_group_used_count', uint32(1))
    metadata.set('tokenizer.ggml.pre', string('glm4'))
    const [, turn, message] = await metadata.numbers('tokenizer.ggml.eos_token_ids')
    if (turn !== undefined) metadata.setMissing('tokenizer.ggml.eot_token_id', uint32(turn))
    if (message !== undefined) metadata.setMissing('tokenizer.ggml.eom_token_id', uint32(message))
  },
}

/** GLM OCR: GLM 4, with gate and up of each layer apart, and its encoder inside. */
export const glmOcr: Family = {
  matches: always,
  encoders: ['v.', 'mm.'],
  model: async draft => {
    const { header, metadata } = draft
    const sections = await metadata.numbers('glmocr.rope.mrope_section')
    const rotated = natural(header, 'glmocr.attention.key_length')
    metadata.moveTo('glm4', 'glmocr')
    if (sections.length === 3) metadata.set('glm4.rope.dimension_sections', int32s([...sections, 0]))
    if (rotated) metadata.setMissing('glm4.rope.dimension_count', uint32(rotated))
    if (metadata.has('tokenizer.ggml.pre')) metadata.set('tokenizer.ggml.pre', string('chatglm-bpe'))
    draft.renameAll([
      ['attn_out', 'attn_output'],
      ['post_attn_norm', 'post_attention_norm'],
      ['post_ffn_norm', 'post_ffw_norm'],
    ])
    const layers = layersOf(header, 'glmocr.block_count')
    for (let layer = 0; layer < layers; layer++) {
      const names = ['gate', 'up'].map(which => `blk.${layer}.ffn_${which}.weight`)
      draft.concatenate(names, `blk.${layer}.ffn_up.weight`)
    }
  },
  projector: draft => {
    const { metadata } = draft
    visionKeys(
      draft,
      'glmocr',
      [
        'block_count',
        'embedding_length',
        'attention.head_count',
        'image_size',
        'patch_size',
        'spatial_merge_size',
        'image_mean',
        'image_std',
      ],
      {
        intermediate_size: 'feed_forward_length',
        'attention.layer_norm_rms_epsilon': 'attention.layer_norm_epsilon',
        out_hidden_size: 'projection_dim',
      },
    )
    metadata.setMissing('clip.use_silu', bool(true))
    metadata.set('clip.projector_type', string('glm4v'))
    namePatches(draft)
  },
}
