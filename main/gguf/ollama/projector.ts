import { bool, float32s, string } from '../encoding.ts'
import type { Draft } from './draft.ts'

/** Mean and deviation of a picture's colours that an encoder was trained with. */
const statistics = {
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
 * @param keys what follows both `<architecture>.vision.` and `clip.vision.`
 * @param renamed by what follows the first, what follows the second
 */
export function visionKeys(
  { metadata }: Draft,
  architecture: string,
  keys: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): void {
  const pairs = [...keys.map(key => [key, key] as const), ...Object.entries(renamed)]
  for (const [from, to] of pairs) metadata.copy(`${architecture}.vision.${from}`, `clip.vision.${to}`)
}

/** Names the two tensors for the two moments a patch is looked at in, and has them in full precision. */
export function namePatches(draft: Draft): void {
  draft.rename('v.patch_embd_0.weight', 'v.patch_embd.weight')
  draft.rename('v.patch_embd_1.weight', 'v.patch_embd.weight.1')
  draft.toF32('v.patch_embd.weight')
  draft.toF32('v.patch_embd.weight.1')
}

/** Says which colours the encoder expects, unless the file did. */
export function imageStatistics(draft: Draft, kind: keyof typeof statistics): void {
  const [mean, deviation] = statistics[kind]
  draft.metadata.setMissing('clip.vision.image_mean', float32s(mean))
  draft.metadata.setMissing('clip.vision.image_std', float32s(deviation))
}
