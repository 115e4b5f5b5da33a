import { string, uint32 } from '../../encoding.ts'
import { type Family, hasTensor } from '../family.ts'

/** LFM 2: the last norm under another name, a tokenizer unnamed, a length that its tensors contradict. */
export const lfm2: Family = {
  matches: header => hasTensor(header, 'output_norm.weight') && !hasTensor(header, 'token_embd_norm.weight'),
  model: draft => {
    draft.rename('output_norm.weight', 'token_embd_norm.weight')
    draft.metadata.set('tokenizer.ggml.pre', string('lfm2'))
    const width = draft.length('blk.0.ffn_gate.weight', 1)
    if (width) draft.metadata.set('lfm2.feed_forward_length', uint32(width))
  },
}
