import { architectureOf } from '../metadata.ts'
import type { GgufHeader } from '../types.ts'
import { Draft } from './draft.ts'
import { arcticEmbed } from './families/arctic-embed.ts'
import { deepseekOcr } from './families/deepseek-ocr.ts'
import { embeddingGemma, gemma3 } from './families/gemma3.ts'
import { gemma3n } from './families/gemma3n.ts'
import { gemma4 } from './families/gemma4.ts'
import { glm4moelite, glmOcr } from './families/glm.ts'
import { gptOss } from './families/gpt-oss.ts'
import { laguna } from './families/laguna.ts'
import { lfm2 } from './families/lfm2.ts'
import { llama4 } from './families/llama4.ts'
import { llava } from './families/llava.ts'
import { mistral3 } from './families/mistral3.ts'
import { nemotronMoe, nemotronOmni } from './families/nemotron.ts'
import { olmo3 } from './families/olmo3.ts'
import { qwen25vl } from './families/qwen2.5-vl.ts'
import { qwen3next, qwen35 } from './families/qwen3.5.ts'
import { qwen3vl } from './families/qwen3-vl.ts'
import { type Family, hasTensor } from './family.ts'
import { isVisionProjector } from './projector.ts'

/** Raise it when a translation comes out differently: those on disk are made anew then. */
export const translationVersion = 1

/** By `general.architecture`. */
const families: Readonly<Record<string, readonly Family[]>> = {
  bert: [arcticEmbed],
  clip: [llava],
  deepseekocr: [deepseekOcr],
  gemma3: [embeddingGemma, gemma3],
  gemma3n: [gemma3n],
  gemma4: [gemma4],
  glm4moelite: [glm4moelite],
  glmocr: [glmOcr],
  gptoss: [gptOss],
  laguna: [laguna],
  lfm2: [lfm2],
  llama4: [llama4],
  mistral3: [mistral3],
  nemotron_h_moe: [nemotronMoe],
  nemotron_h_omni: [nemotronOmni],
  olmo3: [olmo3],
  qwen25vl: [qwen25vl],
  qwen35: [qwen35],
  qwen35moe: [qwen35],
  qwen3next: [qwen3next],
  qwen3vl: [qwen3vl],
  qwen3vlmoe: [qwen3vl],
}

/** What llama.cpp can read of a file made for Ollama's own engine. */
export interface Translation {
  readonly model: Draft
  /** Of the encoder for pictures inside, where there is one. */
  readonly projector?: Draft
}

/** Whether a file was made for Ollama's own engine, in a way that llama.cpp does not read and that is known here. */
export function isForOllama(header: GgufHeader): boolean {
  return familyOf(header) !== undefined
}

/** Bytes of the encoders inside such a file; 0 for any other. */
export function encoderBytes(header: GgufHeader): number {
  const { encoders = [] } = familyOf(header) ?? {}
  const inside = header.tensors.filter(({ name }) => encoders.some(prefix => name.startsWith(prefix)))
  return inside.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
}

/** Whether its translation brings a projector. */
export function bringsProjector(header: GgufHeader): boolean {
  return familyOf(header)?.projector !== undefined && hasTensor(header, 'v.')
}

/**
 * Tells a file that was made for Ollama's own engine in llama.cpp's terms. It reads metadata, and no tensors.
 * @returns undefined for a file that llama.cpp reads as it is, or that nobody here knows
 */
export async function translate(path: string, header: GgufHeader): Promise<Translation | undefined> {
  const family = familyOf(header)
  if (!family) return undefined
  const { encoders = [] } = family
  const model = new Draft(path, header)
  model.dropPrefixed(encoders)
  await family.model(model)
  if (!bringsProjector(header)) return { model }
  const projector = new Draft(path, header)
  projector.keep(name => encoders.some(prefix => name.startsWith(prefix)))
  await family.projector?.(projector)
  isVisionProjector(projector)
  projector.metadata.keep(key => /^(general|clip)\./.test(key))
  return { model, projector }
}

function familyOf(header: GgufHeader): Family | undefined {
  return families[architectureOf(header)]?.find(family => family.matches(header))
}
