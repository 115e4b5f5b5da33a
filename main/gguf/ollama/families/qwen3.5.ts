import { bool, bools, float32, int32s, string, uint32 } from '../../encoding.ts'
import { architectureOf, natural } from '../../metadata.ts'
import type { GgufHeader } from '../../types.ts'
import type { Draft } from '../draft.ts'
import { type Family, hasKey, hasTensor, layersOf } from '../family.ts'
import { imageStatistics, visionKeys } from '../projector.ts'
import { mergeEncoder } from './qwen-merger.ts'

/** Qwen 3.5, dense or of experts: heads told layer by layer, layers that guess ahead, its encoder inside. */
export const qwen35: Family = {
  matches: header => {
    const architecture = architectureOf(header)
    const keys = ['vision.block_count', 'image_token_id', 'ssm.v_head_reordered', 'rope.mrope_interleaved']
    const own = architecture === 'qwen35moe' ? [...keys, 'feed_forward_length'] : keys
    return hasKey(header, ...own.map(key => `${architecture}.${key}`)) || hasTensor(header, 'mtp.', 'v.')
  },
  encoders: ['v.', 'mm.'],
  model: async draft => {
    const { header, metadata } = draft
    const architecture = architectureOf(header)
    await oneNumberOfHeads(draft, 2)
    const sections = await metadata.numbers(`${architecture}.rope.dimension_sections`)
    if (sections.length === 3) metadata.set(`${architecture}.rope.dimension_sections`, int32s([...sections, 0]))
    nameBiases(draft)
    dropGuessing(draft)
  },
  projector: draft => {
    const { header, metadata } = draft
    const architecture = architectureOf(header)
    visionKeys(draft, architecture, [
      'block_count',
      'embedding_length',
      'attention.head_count',
      'patch_size',
      'spatial_merge_size',
      'num_channels',
    ])
    metadata.copy(`${architecture}.embedding_length`, 'clip.vision.projection_dim')
    metadata.setMissing('clip.vision.feed_forward_length', uint32(4304))
    metadata.setMissing('clip.vision.image_size', uint32(768))
    metadata.setMissing('clip.vision.attention.layer_norm_epsilon', float32(1e-6))
    imageStatistics(draft, 'half')
    const blocks = layersOf(header, `${architecture}.vision.block_count`)
    metadata.setMissing('clip.vision.is_deepstack_layers', bools(new Array<boolean>(blocks).fill(false)))
    metadata.setMissing('clip.use_gelu', bool(true))
    metadata.set('clip.projector_type', string('qwen3vl_merger'))
    mergeEncoder(draft, natural(header, `${architecture}.vision.num_channels`) ?? 3)
  },
}

/**
 * Leaves out the layers that guess the tokens after the next: nothing here uses them. llama.cpp counts them among the
 * blocks where it is told of any (src/models/qwen35.cpp), so the blocks are those that are left.
 */
function dropGuessing(draft: Draft): void {
  const { header, metadata } = draft
  if (!hasTensor(header, 'mtp.')) return
  draft.dropPrefixed(['mtp.'])
  if (draft.tensors.some(({ name }) => name.includes('.nextn.'))) return
  const architecture = architectureOf(header)
  metadata.remove(`${architecture}.nextn_predict_layers`)
  const blocks = draft.tensors.reduce(
    (most, { name }) => Math.max(most, 1 + Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1)),
    0,
  )
  if (blocks > 0) metadata.set(`${architecture}.block_count`, uint32(Math.min(blocks, header.tensors.length)))
}

/** Qwen 3 Next: the same two of its layers and biases. */
export const qwen3next: Family = {
  matches: (header: GgufHeader) => header.tensors.some(({ name }) => name.endsWith('.ssm_dt')),
  model: async draft => {
    await oneNumberOfHeads(draft, 0)
    nameBiases(draft)
  },
}

/** The number of heads for keys and values, where the file tells it of each layer: 0 of those without attention. */
async function oneNumberOfHeads({ header, metadata }: Draft, otherwise: number): Promise<void> {
  const key = `${architectureOf(header)}.attention.head_count_kv`
  if (!metadata.list(key)) return
  const heads = Math.max(0, ...(await metadata.numbers(key))) || otherwise
  if (heads > 0) metadata.set(key, uint32(heads))
}

function nameBiases(draft: Draft): void {
  for (const { name } of draft.tensors) if (name.endsWith('.ssm_dt')) draft.rename(name, `${name}.bias`)
}
