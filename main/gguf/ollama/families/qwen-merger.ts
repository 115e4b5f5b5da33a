import { architectureOf } from '../../metadata.ts'
import { type Draft, f32, type Renaming, slices } from '../draft.ts'
import { layersOf } from '../family.ts'

/** The encoder that Qwen 3 VL and Qwen 3.5 share: one tensor for queries, keys and values, two for a patch. */
export function mergeEncoder(draft: Draft, channels: number): void {
  const blocks = layersOf(draft.header, `${architectureOf(draft.header)}.vision.block_count`)
  for (let block = 0; block < blocks; block++) {
    for (const part of ['weight', 'bias']) {
      const names = ['q', 'k', 'v'].map(which => `v.blk.${block}.attn_${which}.${part}`)
      draft.concatenate(names, `v.blk.${block}.attn_qkv.${part}`)
    }
  }
  splitPatches(draft, channels)
  draft.renameAll(renamings)
  draft.toF32('v.position_embd.weight')
}

const renamings: readonly Renaming[] = [
  ['v.pos_embed', 'v.position_embd'],
  ['v.patch_embed', 'v.patch_embd'],
  ['v.merger.norm', 'v.post_ln'],
  ['v.merger.linear_fc1', 'mm.0'],
  ['v.merger.linear_fc2', 'mm.2'],
  ['mlp.linear_fc1', 'ffn_up'],
  ['mlp.linear_fc2', 'ffn_down'],
  ['norm1', 'ln1'],
  ['norm2', 'ln2'],
]

/**
 * A patch is looked at in two moments. The file has both in one tensor (width, height, moment, channels in and out),
 * llama.cpp one tensor for each (width, height, channels in, channels out).
 */
function splitPatches(draft: Draft, channels: number): void {
  const patches = draft.tensor('v.patch_embed.weight')
  if (!patches) return
  const [width = 0, height = 0, moments, packed = 0] = patches.shape
  if (moments !== 2 || !Number.isInteger(packed / channels)) return
  const planes = slices(patches, width * height)
  // Weights of a type that is not known: left as they are, to be refused.
  if (planes.length === 0) return
  const shape = [width, height, channels, packed / channels]
  const at = (moment: number) => planes.filter((_, plane) => plane % 2 === moment)
  draft.merge([patches.name], { name: 'v.patch_embd.weight', type: f32, shape, pieces: at(0) })
  draft.add({ name: 'v.patch_embd.weight.1', type: f32, shape, pieces: at(1) })
}
