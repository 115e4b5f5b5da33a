import type { Inference } from '../inference/requests.ts'
import type { Library } from '../library/library.ts'

/** What the API is built from. */
export interface ApiServices {
  readonly library: Library
  readonly inference: Inference
  /** OLLAMA_GO_TEMPLATE; undefined when the person did not set it. Decides which template /api/show tells. */
  readonly goTemplate?: boolean
  /** Without a leading v, as /api/version tells it. */
  readonly version: string
}
