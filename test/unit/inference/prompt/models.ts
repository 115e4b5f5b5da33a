import type { GgufFacts, Model, ModelConfig } from '../../../../main/library/model.ts'
import { parseModelName } from '../../../../main/library/model-name.ts'

/** A model as the library reads it, with what a test cares for. */
export function model(parts: Partial<Omit<Model, 'config'>> & { config?: Partial<ModelConfig> } = {}): Model {
  return {
    name: parseModelName('test')!,
    digest: '0'.repeat(64),
    size: 0,
    modifiedAt: new Date(0),
    modelPath: '/models/test.gguf',
    parentModel: '',
    adapterPaths: [],
    projectorPaths: [],
    parameters: {},
    messages: [],
    licenses: [],
    ...parts,
    config: {
      model_format: 'gguf',
      model_family: 'llama',
      model_families: ['llama'],
      model_type: '8B',
      file_type: 'Q4_K_M',
      ...parts.config,
    },
  }
}

export function facts(parts: Partial<GgufFacts> = {}): GgufFacts {
  return {
    architecture: 'llama',
    contextLength: 2048,
    embeddingLength: 64,
    addsBos: false,
    fileType: 'Q4_K_M',
    parameterCount: 8_000_000_000,
    activeBytes: 4_500_000_000,
    ...parts,
  }
}

export const user = (content: string) => ({ role: 'user', content })
export const assistant = (content: string) => ({ role: 'assistant', content })
export const system = (content: string) => ({ role: 'system', content })
