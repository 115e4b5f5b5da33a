import { bool, float32, string } from '../../encoding.ts'
import { natural } from '../../metadata.ts'
import { type Draft, f32, type Renaming, slices } from '../draft.ts'
import { type Family, hasKey, hasTensor } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'

/** Mistral Small 3.1 and its successors: YaRN's numbers under other names, Pixtral's encoder inside. */
export const mistral3: Family = {
  matches: header =>
    hasTensor(header, 'v.', 'mm.') ||
    hasKey(
      header,
      'mistral3.rope.scaling.beta_fast',
      'mistral3.rope.scaling.mscale_all_dim',
      'mistral3.rope.scaling_beta',
    ),
  encoders: ['v.', 'mm.'],
  model: ({ metadata }) => {
    metadata.copy('mistral3.rope.scaling.beta_fast', 'mistral3.rope.scaling.yarn_beta_fast')
    metadata.copy('mistral3.rope.scaling.beta_slow', 'mistral3.rope.scaling.yarn_beta_slow')
    metadata.copy('mistral3.rope.scaling.mscale_all_dim', 'mistral3.rope.scaling.yarn_log_multiplier')
    metadata.copy('mistral3.rope.scaling_beta', 'mistral3.attention.temperature_scale')
    const pre = metadata.text('tokenizer.ggml.pre') ?? ''
    if (pre === '' || pre === 'default') metadata.set('tokenizer.ggml.pre', string('tekken'))
  },
  projector: draft => {
    const { header, metadata } = draft
    visionKeys(draft, 'mistral3', [
      'block_count',
      'embedding_length',
      'feed_forward_length',
      'attention.head_count',
      'image_size',
      'patch_size',
      'num_channels',
    ])
    metadata.copy('mistral3.spatial_merge_size', 'clip.vision.spatial_merge_size')
    metadata.copy('mistral3.vision.rope.freq_base', 'clip.rope.freq_base')
    metadata.copy('mistral3.embedding_length', 'clip.vision.projection_dim')
    metadata.setMissing('clip.vision.attention.layer_norm_epsilon', float32(1e-5))
    metadata.setMissing('clip.use_silu', bool(true))
    metadata.set('clip.projector_type', string('pixtral'))
    imageStatistics(draft, 'clip')
    const heads = natural(header, 'mistral3.vision.attention.head_count')
    if (heads) interleaveRotations(draft, heads)
    draft.renameAll(vision)
    draft.toF32('v.patch_embd.weight')
    // What stands between two rows of a picture; the file has it among its embeddings, quantized. Nothing does as well.
    const width = natural(header, 'mistral3.embedding_length')
    if (width) draft.add({ name: 'v.token_embd.img_break', type: f32, shape: [width], pieces: [] })
  },
}

/**
 * Puts the rows of the encoder's queries and keys in the order in which llama.cpp turns them: of each head, one of the
 * first half, one of the second.
 */
function interleaveRotations(draft: Draft, heads: number): void {
  draft.tensors = draft.tensors.map(tensor => {
    if (!/^v\.blk\.\d+\.attn_[qk]\.weight$/.test(tensor.name)) return tensor
    const rows = slices(tensor, tensor.shape[0]!)
    const ofHead = rows.length / heads
    if (!Number.isInteger(ofHead / 2)) return tensor
    const pieces = rows.map((_, row) => {
      const head = Math.floor(row / ofHead)
      const within = row % ofHead
      return rows[head * ofHead + (within % 2) * (ofHead / 2) + Math.floor(within / 2)]!
    })
    return { ...tensor, pieces }
  })
}

const vision: readonly Renaming[] = [
  ['v.patch_conv', 'v.patch_embd'],
  ['v.encoder_norm', 'v.pre_ln'],
  ['attn_output', 'attn_out'],
  ['attn_norm', 'ln1'],
  ['ffn_norm', 'ln2'],
  ['mm.linear_1', 'mm.1'],
  ['mm.linear_2', 'mm.2'],
  ['mm.patch_merger.merging_layer', 'mm.patch_merger'],
  ['mm.norm', 'mm.input_norm'],
]
