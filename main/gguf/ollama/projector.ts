import { bool, float32s, string } from '../encoding.ts'
import type { Draft } from './draft.ts'

/** Mean and deviation of a picture's colours that an encoder was trained with. */
const STATISTICS = {
  half: [
    [0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5],
  ],
  none: [
    [0, 0, 0],
    [1, 1, 1],
  ],
  clip: [
    [0.48145466, 0.4578275, 0.40821073],
    [0.26862954, 0.26130258, 0.27577711],
  ],
} as const

/** What every projector with an encoder for pictures says of itself (llama.cpp, tools/mtmd/clip-impl.h). */
export function isVisionProjector(draft: Draft): void {
  draft.metadata.set('general.architecture', string('clip'))
  draft.metadata.set('general.type', string('mmproj'))
  draft.metadata.setMissing('clip.has_vision_encoder', bool(true))
}

/**
 * Says what an architecture says of its encoder under the projector's keys.
 * @param keys by what follows `<architecture>.vision.`, what follows `clip.vision.`
 */
export function visionKeys(draft: Draft, architecture: string, keys: Readonly<Record<string, string>>): void {
  for (const [from, to] of Object.entries(keys)) {
    draft.metadata.copy(`${architecture}.vision.${from}`, `clip.vision.${to}`)
  }
}

/** Says which colours the encoder expects, unless the file did. */
export function imageStatistics(draft: Draft, kind: keyof typeof STATISTICS): void {
  const [mean, deviation] = STATISTICS[kind]
  draft.metadata.setMissing('clip.vision.image_mean', float32s(mean))
  draft.metadata.setMissing('clip.vision.image_std', float32s(deviation))
}
