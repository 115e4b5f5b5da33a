import type { ShowResponse } from 'ollama'

/** What a model says of itself; empty or 0 where it does not say. */
export interface ModelDetails {
  readonly architecture: string
  readonly parameterCount: string
  readonly quantization: string
  /** Tokens. */
  readonly contextLength: number
  readonly system: string
  readonly template: string
  readonly settings: string
  readonly license: string
  readonly modelfile: string
}

/** The client's type has `model_info` as a Map; what arrives is an object. Every field may be missing. */
type Shown = Partial<Omit<ShowResponse, 'model_info'>> & { model_info?: unknown }

export function modelDetails(shown: Shown): ModelDetails {
  const info = (shown.model_info ?? {}) as Readonly<Record<string, unknown>>
  const architecture = info['general.architecture']
  const contextLength = info[`${architecture}.context_length`]
  return {
    architecture: typeof architecture === 'string' ? architecture : (shown.details?.family ?? ''),
    parameterCount: shown.details?.parameter_size ?? '',
    quantization: shown.details?.quantization_level ?? '',
    contextLength: typeof contextLength === 'number' ? contextLength : 0,
    system: shown.system ?? '',
    template: shown.template ?? '',
    settings: shown.parameters ?? '',
    license: shown.license ?? '',
    modelfile: shown.modelfile ?? '',
  }
}
