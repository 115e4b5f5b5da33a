import { any, anyMap, bool, type Infer, int, pointer } from '../../go/json/types.ts'
import type { ChatRequest, GenerateTextRequest } from '../../inference/requests.ts'
import { checkTopLogprobs } from './answer.ts'
import { keepAlive } from './keep-alive.ts'
import { think } from './think.ts'

/** Fields that /api/generate and /api/chat read alike (upstream api/types.go). */
export const commonFields = {
  stream: pointer(bool),
  format: any,
  keep_alive: keepAlive,
  options: anyMap,
  think,
  truncate: pointer(bool),
  shift: pointer(bool),
  _debug_render_only: bool,
  logprobs: bool,
  top_logprobs: int,
}

type CommonFields = { [Field in keyof typeof commonFields]: Infer<(typeof commonFields)[Field]> }

/**
 * What these fields ask of inference.
 * @throws Problem 400 for more log probabilities than there may be
 */
export function commonRequest(
  read: CommonFields,
): Omit<Partial<ChatRequest & GenerateTextRequest>, 'model' | 'messages' | 'prompt'> {
  checkTopLogprobs(read.top_logprobs)
  return {
    format: read.format,
    keepAlive: read.keep_alive,
    options: read.options,
    think: read.think,
    truncate: read.truncate,
    shift: read.shift,
    logprobs: read.logprobs,
    topLogprobs: read.top_logprobs,
    debugRenderOnly: read._debug_render_only,
  }
}
