import type { Inference } from '../inference/requests.ts'
import type { Library } from '../library/library.ts'
import type { Registry } from '../library/registry/registry.ts'
import type { Bodies } from './bodies/bodies.ts'

/** What the API is built from. */
export interface ApiServices {
  readonly bodies: Bodies
  readonly library: Library
  readonly registry: Registry
  readonly inference: Inference
  /** OLLAMA_GO_TEMPLATE; undefined when the person did not set it. Decides which template /api/show tells. */
  readonly goTemplate?: boolean
  /** Without a leading v, as /api/version tells it. */
  readonly version: string
}
