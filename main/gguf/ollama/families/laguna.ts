import { type Family, hasKey } from '../family.ts'

/** Laguna: what concerns its sliding window under other keys, and the gates of its attention under another name. */
export const laguna: Family = {
  matches: header =>
    hasKey(header, 'laguna.rope.swa.dimension_count', 'laguna.rope.swa.freq_base') ||
    header.tensors.some(({ name }) => name === 'blk.0.attn_g.weight'),
  model: draft => {
    draft.metadata.copy('laguna.rope.swa.dimension_count', 'laguna.rope.dimension_count_swa')
    draft.metadata.copy('laguna.rope.swa.freq_base', 'laguna.rope.freq_base_swa')
    draft.renameAll([['attn_g', 'attn_gate']])
  },
}
