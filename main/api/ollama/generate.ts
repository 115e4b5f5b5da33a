import { goTime, wallClock } from '../../go/json/time.ts'
import { bool, int, slice, string, struct } from '../../go/json/types.ts'
import type { GenerateTextRequest } from '../../inference/requests.ts'
import { nativeBody } from '../bodies/body-type.ts'
import type { ApiServices } from '../services.ts'
import { answer, debugJson, metricsJson, type Part } from './answer.ts'
import { commonFields, commonRequest } from './common-fields.ts'
import { images, logprobsJson, toolCallsJson } from './message.ts'

const generateRequest = struct('GenerateRequest', {
  model: string,
  prompt: string,
  suffix: string,
  system: string,
  template: string,
  context: slice(int),
  raw: bool,
  images,
  ...commonFields,
})

export const generateBody = nativeBody('/api/generate', generateRequest, read => {
  const asked: GenerateTextRequest = {
    model: read.model,
    prompt: read.prompt,
    suffix: read.suffix || undefined,
    system: read.system || undefined,
    template: read.template || undefined,
    context: read.context,
    raw: read.raw,
    images: read.images?.map(image => image ?? new Uint8Array()),
    ...commonRequest(read),
  }
  return { stream: read.stream, asked }
})

/** POST /api/generate: goes on from a prompt; without one, loads or unloads the model. */
export async function generate(request: Request, { inference, bodies }: ApiServices): Promise<Response> {
  const { stream, asked } = await bodies.read(request, generateBody)
  return answer(
    request,
    stream,
    signal => inference.generate(asked, signal),
    part => generateResponse(asked.model, part, asked.raw ?? false),
  )
}

/** Keys in upstream's order (api/types.go, GenerateResponse). A raw prompt has no conversation to go on with. */
function generateResponse(model: string, part: Part, raw: boolean): object {
  return {
    model,
    created_at: goTime(wallClock()),
    response: part.content,
    thinking: part.thinking || undefined,
    done: part.done !== undefined,
    done_reason: part.done?.reason,
    context: !raw && part.done?.context?.length ? part.done.context : undefined,
    ...metricsJson(part.done?.metrics),
    tool_calls: part.toolCalls.length > 0 ? toolCallsJson(part.toolCalls) : undefined,
    _debug_info: debugJson(part.debug),
    logprobs: logprobsJson(part.logprobs),
  }
}
