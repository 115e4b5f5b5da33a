import type { Inference } from '../inference/requests.ts'
import type { Library } from '../library/library.ts'

/** What the API is built from. */
export interface ApiServices {
  readonly library: Library
  readonly inference: Inference
  /** Without a leading v, as /api/version tells it. */
  readonly version: string
}
