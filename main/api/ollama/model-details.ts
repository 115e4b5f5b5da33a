import { humanNumber } from '../../go/text.ts'
import { capabilities } from '../../inference/prompt/capabilities.ts'
import type { Library } from '../../library/library.ts'
import type { Capability, GgufFacts, Model } from '../../library/model.ts'

/** What the weights of a model say of themselves; undefined without weights, or when they cannot be read. */
export async function factsOf(library: Library, model: Model): Promise<GgufFacts | undefined> {
  if (!model.modelPath) return undefined
  try {
    return await library.facts(model.modelPath)
  } catch {
    // A broken file must not keep the others from being listed; using it tells what is wrong with it.
    return undefined
  }
}

/** What a model's projectors say of themselves; those that cannot be read are left out. */
async function projectorFacts(library: Library, model: Model): Promise<GgufFacts[]> {
  const facts = await Promise.all(model.projectorPaths.map(path => library.facts(path).catch(() => undefined)))
  return facts.filter(known => known !== undefined)
}

/** `details` of a model (upstream api/types.go, ModelDetails); what the config leaves open, its weights may tell. */
export function detailsJson(model: Model, facts: GgufFacts | undefined): Record<string, unknown> {
  const { config } = model
  return {
    parent_model: '',
    format: config.model_format,
    family: config.model_family,
    families: config.model_families?.length ? config.model_families : null,
    parameter_size: config.model_type || (facts ? humanNumber(facts.parameterCount) : ''),
    quantization_level: config.file_type || (facts?.fileType ?? ''),
  }
}

/** `details` with the two lengths that only /api/tags tells. */
export function detailsWithLengths(model: Model, facts: GgufFacts | undefined): Record<string, unknown> {
  return {
    ...detailsJson(model, facts),
    context_length: model.config.context_length || facts?.contextLength || undefined,
    embedding_length: model.config.embedding_length || facts?.embeddingLength || undefined,
  }
}

/** `capabilities` of a model; left out when none are known. */
export async function capabilitiesJson(
  library: Library,
  model: Model,
  facts: GgufFacts | undefined,
): Promise<Capability[] | undefined> {
  const known = facts
    ? [...capabilities(model, facts, await projectorFacts(library, model))]
    : (model.config.capabilities as Capability[] | undefined)
  return known?.length ? known : undefined
}
