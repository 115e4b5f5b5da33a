import type { GgufFacts, Model } from '../../../library/model.ts'
import { cohere } from './cohere.ts'
import { functionGemma, gemma4 } from './gemma.ts'
import { glm47, glmOcr, laguna, poolsideV1 } from './glm.ts'
import { lfm2 } from './lfm.ts'
import { nemotron3Nano, nemotron35Nano } from './nemotron.ts'
import { olmo30, olmo31, olmo32bThink, olmoThink } from './olmo.ts'
import { qwen3Coder, qwen3Vl, qwen35 } from './qwen.ts'

const templates: Readonly<Record<string, string>> = {
  'qwen3-coder': qwen3Coder,
  'qwen3-vl-instruct': qwen3Vl(false),
  'qwen3-vl-thinking': qwen3Vl(true),
  'qwen3.5': qwen35(false),
  'qwen3.8': qwen35(true, true),
  ornith: qwen35(true),
  olmo3: olmo30,
  'olmo3.1': olmo31,
  'olmo3-think': olmoThink,
  'olmo3-32b-think': olmo32bThink,
  'nemotron-3-nano': nemotron3Nano,
  'nemotron-3.5-nano': nemotron35Nano,
  'gemma4-small': gemma4(false),
  'gemma4-large': gemma4(true),
  functiongemma: functionGemma,
  'glm-4.7': glm47,
  'glm-ocr': glmOcr,
  lfm2: lfm2(false),
  'lfm2-thinking': lfm2(true),
  laguna,
  'poolside-v1': poolsideV1,
  cohere,
}

/** Parameters from which on Gemma 4 is one of the large models: that of 12B has 11.9. */
const largeGemma = 11.5e9

/**
 * The Jinja template that does what a renderer of Ollama's does, for models whose GGUF has none: Ollama leaves out
 * those that come in a file of their own, as it renders without them.
 */
export function rendererTemplate(renderer: string, { name }: Model, { parameterCount }: GgufFacts): string | undefined {
  if (renderer !== 'gemma4') return templates[renderer]
  const tag = `${name.model}:${name.tag}`.toLowerCase()
  const isLarge = !/e2b|e4b/.test(tag) && (/12b|26b|31b/.test(tag) || parameterCount >= largeGemma)
  return templates[isLarge ? 'gemma4-large' : 'gemma4-small']
}
