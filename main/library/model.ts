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
  /** A smaller model that guesses ahead, where the manifest has one. */
  readonly draftPath?: string
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
  draft?: { model_format?: string; architecture?: string; tensor_prefix?: string; config?: string }
  architecture?: string
  os?: string
}

export type Capability = 'completion' | 'tools' | 'insert' | 'vision' | 'embedding' | 'thinking' | 'image' | 'audio'

/** What a GGUF file is for (upstream server/create.go). */
export type GgufKind = 'model' | 'projector' | 'adapter'

/** Facts read from a GGUF header that prompt rendering and the API need; cached per blob. */
export interface GgufFacts {
  /** `general.architecture`, `unknown` when absent. */
  readonly architecture: string
  /** `<architecture>.context_length`, 0 when absent. */
  readonly contextLength: number
  readonly embeddingLength: number
  /** `tokenizer.chat_template`: a Jinja template. */
  readonly chatTemplate?: string
  readonly bosToken?: string
  readonly eosToken?: string
  readonly addsBos: boolean
  /** What the file should say in `tokenizer.ggml.pre` and does not. */
  readonly preTokenizer?: string
  /** `general.file_type` by its name, e.g. `Q4_K_M`; `unknown` when absent or 0. */
  readonly fileType: string
  /** Elements of all tensors. */
  readonly parameterCount: number
  /** Bytes of weights that are read for one token. */
  readonly activeBytes: number
  readonly kind?: GgufKind
  /** `<architecture>.pooling_type` is there: the model embeds. */
  readonly pooling?: boolean
  /** It was made for Ollama's own engine, and is translated for llama.cpp before it is loaded (main/gguf/ollama). */
  readonly forOllama?: boolean
  /** The file itself holds a vision or audio encoder. */
  readonly vision?: boolean
  readonly audio?: boolean
}
