/** What the API answers, as far as the command line reads it (upstream api/types.go). */

export interface ListedModel {
  readonly name: string
  readonly digest?: string
  /** Bytes. */
  readonly size: number
  readonly modified_at: string
  readonly remote_model?: string
}

export interface RunningModel {
  readonly name: string
  readonly digest?: string
  /** Bytes, and those of them on a graphics card. */
  readonly size: number
  readonly size_vram?: number
  readonly context_length?: number
  readonly expires_at: string
}

export interface ChatMessage {
  readonly role: string
  readonly content: string
  readonly thinking?: string
  /** Base64. */
  readonly images?: readonly string[]
}

export interface ShownModel {
  readonly license?: string
  readonly modelfile?: string
  readonly parameters?: string
  readonly template?: string
  readonly system?: string
  readonly details?: {
    readonly parent_model?: string
    readonly family?: string
    readonly parameter_size?: string
    readonly quantization_level?: string
  }
  readonly messages?: readonly ChatMessage[]
  readonly remote_model?: string
  readonly remote_host?: string
  readonly model_info?: Readonly<Record<string, unknown>>
  readonly projector_info?: Readonly<Record<string, unknown>>
  readonly tensors?: readonly { readonly name: string; readonly type: string; readonly shape: readonly number[] }[]
  readonly capabilities?: readonly string[]
  readonly requires?: string
}

/** A line of pull, push and create. */
export interface ProgressLine {
  readonly status?: string
  readonly digest?: string
  /** Bytes. */
  readonly total?: number
  readonly completed?: number
}

/** Nanoseconds and tokens of an answer. */
export interface Timings {
  readonly total_duration?: number
  readonly load_duration?: number
  readonly prompt_eval_count?: number
  readonly prompt_eval_duration?: number
  readonly eval_count?: number
  readonly eval_duration?: number
}

/** A piece of an answer of /api/generate or /api/chat. */
export interface AnswerPiece extends Timings {
  readonly done?: boolean
  readonly response?: string
  readonly thinking?: string
  readonly message?: ChatMessage
}
