import type { ModelName } from './model-name.ts'

/** Everything a manifest says about one model, with its small layers already read. */
export interface Model {
  readonly name: ModelName
  /** SHA-256 of the manifest's bytes, hex, no prefix. */
  readonly digest: string
  /** Bytes of all layers and the config. */
  readonly size: number
  readonly modifiedAt: Date
  /** Absolute paths of blobs. `modelPath` is undefined for a manifest without weights. */
  readonly modelPath?: string
  /** `from` of the model layer: the base's short name, or the file it was made from. */
  readonly parentModel: string
  readonly adapterPaths: readonly string[]
  readonly projectorPaths: readonly string[]
  /** Go template text of the template layer. */
  readonly template?: string
  readonly system?: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly messages: readonly { role: string; content: string }[]
  readonly licenses: readonly string[]
  readonly config: ModelConfig
}

/** The config blob (upstream types/model/config.go), keys as on disk. */
export interface ModelConfig {
  model_format: string
  model_family: string
  model_families: string[] | null
  model_type: string
  file_type: string
  renderer?: string
  parser?: string
  requires?: string
  remote_host?: string
  remote_model?: string
  capabilities?: string[]
  context_length?: number
  embedding_length?: number
  base_name?: string
  architecture?: string
  os?: string
}

export type Capability = 'completion' | 'tools' | 'insert' | 'vision' | 'embedding' | 'thinking' | 'image' | 'audio'

/** Facts read from a GGUF header that prompt rendering and the API need; cached per blob. */
export interface GgufFacts {
  readonly architecture: string
  /** `<architecture>.context_length`, 0 when absent. */
  readonly contextLength: number
  readonly embeddingLength: number
  /** `tokenizer.chat_template`: a Jinja template. */
  readonly chatTemplate?: string
  readonly bosToken?: string
  readonly eosToken?: string
  readonly addsBos: boolean
  readonly fileType: string
  readonly parameterCount: number
}
