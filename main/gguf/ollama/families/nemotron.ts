import { uint32 } from '../../encoding.ts'
import { type Family, hasTensor } from '../family.ts'

/** Nemotron with latent experts: their tensors under other names, and layers that guess ahead. */
export const nemotronMoe: Family = {
  matches: header => hasTensor(header, 'mtp.') || header.tensors.some(({ name }) => name.includes('.ffn_latent_in.')),
  model: draft => {
    const latent = draft.tensors.find(({ name }) => name.endsWith('.ffn_latent_in.weight'))?.shape[1]
    if (latent) draft.metadata.setMissing('nemotron_h_moe.moe_latent_size', uint32(latent))
    draft.dropPrefixed(['mtp.'])
    draft.renameAll([
      ['ffn_latent_in', 'ffn_latent_down'],
      ['ffn_latent_out', 'ffn_latent_up'],
    ])
  },
}
