import type { ShowResponse } from 'ollama'
import type { Weights } from './precisions.ts'

/** What an installed model brings along, as far as making another one of it is concerned. */
export interface BaseFacts extends Weights {
  /** E.g. "4.3B". */
  readonly parameterSize: string
  /** What it is told already. */
  readonly system: string
  /** It has messages of its own before every chat. */
  readonly hasExamples: boolean
  /** Whether it answers in a chat. */
  readonly chats: boolean
}

/** The client's type has `model_info` as a Map; what arrives is an object. Every field may be missing. */
type Shown = Partial<Omit<ShowResponse, 'model_info' | 'capabilities'>> & {
  model_info?: unknown
  capabilities?: readonly string[]
}

/** @param bytes of the model, as the list of models has it; 0 when unknown */
export function baseFacts(shown: Shown, bytes: number): BaseFacts {
  const info = (shown.model_info ?? {}) as Readonly<Record<string, unknown>>
  const count = info['general.parameter_count']
  return {
    precision: shown.details?.quantization_level ?? '',
    parameters: typeof count === 'number' ? count : 0,
    bytes,
    parameterSize: shown.details?.parameter_size ?? '',
    system: shown.system ?? '',
    hasExamples: (shown.messages?.length ?? 0) > 0,
    chats: shown.capabilities?.includes('completion') ?? true,
  }
}
