import { string, uint32 } from '../../encoding.ts'
import { always, type Family } from '../family.ts'

/** gpt-oss: an architecture and three tensors under other names, and a tokenizer that does not say how it splits. */
export const gptOss: Family = {
  matches: always,
  model: draft => {
    const { metadata } = draft
    metadata.moveTo('gpt-oss', 'gptoss')
    const width = draft.length('blk.0.ffn_gate_exps.weight', 1)
    if (width) metadata.setMissing('gpt-oss.expert_feed_forward_length', uint32(width))
    metadata.setMissing('gpt-oss.rope.scaling.type', string('yarn'))
    metadata.set('tokenizer.ggml.pre', string('gpt-4o'))
    draft.renameAll([
      ['attn_out', 'attn_output'],
      ['ffn_norm', 'post_attention_norm'],
    ])
    for (const { name } of draft.tensors) if (name.endsWith('.attn_sinks')) draft.rename(name, `${name}.weight`)
  },
}
