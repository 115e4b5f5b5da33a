import { string } from '../../encoding.ts'
import { flag } from '../../metadata.ts'
import { type Family, hasKey } from '../family.ts'

/** The first LLaVA projectors, which do not say what they are. */
export const llava: Family = {
  matches: header =>
    flag(header, 'clip.has_vision_encoder') && !hasKey(header, 'clip.projector_type', 'clip.vision.projector_type'),
  model: ({ metadata }) => metadata.set('clip.projector_type', string('mlp')),
}
