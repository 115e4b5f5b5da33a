import type { Inference } from '../inference/requests.ts'

/** What the API is built from. */
export interface ApiServices {
  readonly inference: Inference
  /** Without a leading v, as /api/version tells it. */
  readonly version: string
}
