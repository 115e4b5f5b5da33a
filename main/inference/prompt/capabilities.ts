import type { Capability, GgufFacts, Model } from '../../library/model.ts'
import { fullName } from '../../library/model-name.ts'
import { Problem } from '../../problem.ts'
import { goAbilities, isGptOss, jinjaAbilities, parserFormat } from './template-choice.ts'

/** The order in which they are listed. */
const order: readonly Capability[] = [
  'completion',
  'tools',
  'insert',
  'vision',
  'embedding',
  'thinking',
  'image',
  'audio',
]

/**
 * What a model can do, from all that is known of it: its config, its GGUF, its projector, its templates and its parser
 * (upstream server/images.go, Capabilities).
 * @param projectors facts of the projector files, for those that hear
 */
export function capabilities(model: Model, facts: GgufFacts, projectors: readonly GgufFacts[] = []): Set<Capability> {
  const { config, template, projectorPaths } = model
  const jinja = facts.chatTemplate ? jinjaAbilities(facts.chatTemplate) : undefined
  const go = template ? goAbilities(template) : undefined
  const parser = parserFormat(model)
  // Thinking of GLM-OCR is read, and never asked for (upstream model/parsers/glmocr.go).
  const parserThinks = parser?.thinking && config.parser !== 'glm-ocr'
  const found: Record<Capability, unknown> = {
    completion: !facts.pooling,
    embedding: facts.pooling,
    tools: jinja?.tools || go?.tools || parser?.calls,
    insert: go?.insert,
    thinking: jinja?.thinking || go?.thinking || parserThinks || isGptOss(model, facts),
    vision: facts.vision || projectorPaths.length > 0,
    audio: facts.audio || projectors.some(projector => projector.audio),
    image: false,
  }
  return new Set(order.filter(capability => found[capability] || config.capabilities?.includes(capability)))
}

/**
 * Refuses a model that lacks something the request needs.
 * @throws Problem 400 in Ollama's words, with the model's full name
 */
export function requireCapabilities(model: Model, can: ReadonlySet<Capability>, wants: readonly Capability[]): void {
  const missing = wants.filter(capability => !can.has(capability))
  if (missing.length === 0) return
  const isOldThinker = model.config.model_family === 'qwen3' || model.name.model === 'deepseek-r1'
  const advice =
    missing.includes('thinking') && isOldThinker
      ? '. Pull the model again to get the latest version with full thinking support'
      : ''
  throw new Problem(
    'capability-missing',
    400,
    `${fullName(model.name)} does not support ${missing.join('\n')}${advice}`,
  )
}
