import { bool, bools, float32, int32s, string, uint32 } from '../../encoding.ts'
import { architectureOf, natural } from '../../metadata.ts'
import { type Family, hasKey, layersOf } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'
import { mergeEncoder } from './qwen-merger.ts'

/** Qwen 3 VL, dense or of experts: two numbers missing, its encoder inside. */
export const qwen3vl: Family = {
  matches: header => !hasKey(header, `${architectureOf(header)}.rope.dimension_sections`),
  encoders: ['v.', 'mm.'],
  model: ({ header, metadata }) => {
    const architecture = architectureOf(header)
    metadata.set(`${architecture}.rope.dimension_sections`, int32s([24, 20, 20, 0]))
    const deep = metadata.list(`${architecture}.vision.deepstack_visual_indexes`)?.length ?? 0
    metadata.setMissing(`${architecture}.n_deepstack_layers`, uint32(deep))
  },
  projector: async draft => {
    const { header, metadata } = draft
    const architecture = architectureOf(header)
    visionKeys(
      draft,
      architecture,
      [
        'attention.head_count',
        'attention.layer_norm_epsilon',
        'block_count',
        'embedding_length',
        'num_channels',
        'patch_size',
        'spatial_merge_size',
        'temporal_patch_size',
        'rope.freq_base',
        'image_mean',
        'image_std',
      ],
      { shortest_edge: 'image_min_pixels', longest_edge: 'image_max_pixels' },
    )
    metadata.copy(`${architecture}.embedding_length`, 'clip.vision.projection_dim')
    metadata.setMissing('clip.vision.num_channels', uint32(3))
    metadata.setMissing('clip.vision.temporal_patch_size', uint32(2))
    metadata.setMissing('clip.vision.rope.freq_base', float32(10_000))
    metadata.setMissing('clip.vision.image_min_pixels', uint32(65_536))
    metadata.setMissing('clip.vision.image_max_pixels', uint32(16_777_216))
    const width = draft.length('v.blk.0.mlp.linear_fc1.weight', 1)
    if (width) metadata.setMissing('clip.vision.feed_forward_length', uint32(width))
    const patch = natural(header, `${architecture}.vision.patch_size`)
    const positions = draft.length('v.pos_embed.weight', 1)
    if (patch && positions) {
      metadata.setMissing('clip.vision.image_size', uint32(Math.floor(Math.sqrt(positions)) * patch))
    }
    imageStatistics(draft, 'half')
    metadata.setMissing('clip.use_gelu', bool(true))
    metadata.set('clip.projector_type', string('qwen3vl_merger'))

    // Layers whose output the model sees as well, beside the last: the projector counts them by the encoder's blocks.
    const deep = await metadata.numbers(`${architecture}.vision.deepstack_visual_indexes`)
    const blocks = layersOf(header, `${architecture}.vision.block_count`)
    const isDeep = Array.from({ length: blocks }, (_, block) => deep.includes(block))
    metadata.setMissing('clip.vision.is_deepstack_layers', bools(isDeep))
    draft.renameAll(
      deep.flatMap((block, i) =>
        (['norm', 'linear_fc1', 'linear_fc2'] as const).map(
          part => [`v.deepstack_merger.${i}.${part}`, `v.deepstack.${block}.${part.replace('linear_', '')}`] as const,
        ),
      ),
    )
    mergeEncoder(draft, natural(header, `${architecture}.vision.num_channels`) ?? 3)
  },
}
