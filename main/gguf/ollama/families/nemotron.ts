import { uint32 } from '../../encoding.ts'
import { natural } from '../../metadata.ts'
import type { Draft } from '../draft.ts'
import { always, type Family, hasTensor } from '../family.ts'

/** Nemotron with latent experts: their tensors under other names, and layers that guess ahead. */
export const nemotronMoe: Family = {
  matches: header => hasTensor(header, 'mtp.') || header.tensors.some(({ name }) => name.includes('.ffn_latent_in.')),
  model: draft => latentExperts(draft),
}

/**
 * Nemotron 3 Omni: Nemotron, with encoders for pictures and sound inside. They are left out, as the places of its
 * patches would have to be computed anew for llama.cpp: it reads and writes text.
 */
export const nemotronOmni: Family = {
  matches: always,
  encoders: ['v.', 'a.', 'mm.'],
  model: draft => {
    const { header, metadata } = draft
    const hasExperts = ['expert_count', 'expert_used_count'].some(key => natural(header, `nemotron_h_omni.${key}`))
    metadata.keep(key => !/^nemotron_h_omni\.(vision|audio)\./.test(key))
    metadata.moveTo(hasExperts ? 'nemotron_h_moe' : 'nemotron_h', 'nemotron_h_omni')
    if (hasExperts) latentExperts(draft)
  },
}

function latentExperts(draft: Draft): void {
  const latent = draft.tensors.find(({ name }) => name.endsWith('.ffn_latent_in.weight'))?.shape[1]
  if (latent) draft.metadata.setMissing('nemotron_h_moe.moe_latent_size', uint32(latent))
  draft.dropPrefixed(['mtp.'])
  draft.renameAll([
    ['ffn_latent_in', 'ffn_latent_down'],
    ['ffn_latent_out', 'ffn_latent_up'],
  ])
}
