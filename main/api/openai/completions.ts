import { goTypeName } from '../../go/json/type-name.ts'
import { any, bool, float32, type Infer, int, pointer, string, struct } from '../../go/json/types.ts'
import type { GenerateTextRequest } from '../../inference/requests.ts'
import { eachBecomes } from '../../portions.ts'
import { Problem } from '../../problem.ts'
import { v1Body } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { checkTopLogprobs, debugJson, type Part, parts, whole } from '../ollama/answer.ts'
import { type SseEvent, sse } from '../sse.ts'
import { openAiJson } from './answer.ts'
import { streamOptions } from './chat-request.ts'
import { type CompletionHead, completionHead, fingerprint, finishReason, usageJson } from './completion.ts'
import { openAiError } from './errors.ts'

/** What is read of a request (upstream openai/openai.go, CompletionRequest); all else has no effect. */
const completionRequest = struct(
  'CompletionRequest',
  {
    model: string,
    prompt: string,
    frequency_penalty: float32,
    max_tokens: pointer(int),
    presence_penalty: float32,
    seed: pointer(int),
    stop: any,
    stream: bool,
    stream_options: streamOptions,
    temperature: pointer(float32),
    top_p: float32,
    suffix: string,
    logprobs: pointer(int),
    _debug_render_only: bool,
  },
  'openai.CompletionRequest',
)

type CompletionRequest = Infer<typeof completionRequest>

export const completionsBody = v1Body('/v1/completions', completionRequest, read => {
  const asked = generateRequest(read)
  checkTopLogprobs(Math.max(0, read.logprobs ?? 0))
  return { stream: read.stream, includeUsage: read.stream_options?.include_usage ?? false, asked }
})

/** POST /v1/completions: goes on from a prompt. Thinking and log probabilities are not told. */
export const completions: Endpoint = async (request, { inference, bodies }) => {
  const { stream, includeUsage, asked } = await bodies.read(request, completionsBody)
  const head = completionHead('cmpl', asked.model)
  if (stream && !asked.debugRenderOnly) {
    return sse(request, {
      events: signal => eachBecomes(parts(inference.generate(asked, signal)), part => chunks(head, part, includeUsage)),
      failed: problem => ({ data: openAiError(problem) }),
    })
  }
  return openAiJson(completionJson(head, await untilGone(request, s => whole(parts(inference.generate(asked, s))))))
}

/** The options of a completion are those of a chat, but penalties are sent even when absent, and a top_p of 0 is 1. */
function generateRequest(read: CompletionRequest): GenerateTextRequest {
  return {
    model: read.model,
    prompt: read.prompt,
    suffix: read.suffix || undefined,
    options: {
      stop: stopsOf(read.stop),
      num_predict: read.max_tokens,
      temperature: read.temperature ?? 1,
      seed: read.seed,
      frequency_penalty: read.frequency_penalty,
      presence_penalty: read.presence_penalty,
      top_p: read.top_p || 1,
    },
    debugRenderOnly: read._debug_render_only,
  }
}

/** An empty list leaves the model its own stops, as in a chat. */
function stopsOf(stop: unknown): unknown[] | undefined {
  if (typeof stop === 'string') return [stop]
  if (!Array.isArray(stop) || stop.length === 0) return undefined
  const wrong = stop.findIndex(item => typeof item !== 'string')
  if (wrong < 0) return stop
  throw new Problem('invalid-request', 400, `invalid type for 'stop' field: ${goTypeName(stop[wrong])}`)
}

/** A whole answer, keys in upstream's order (openai/openai.go, Completion). */
function completionJson({ id, created, model }: CompletionHead, part: Part): object {
  return {
    id,
    object: 'text_completion',
    created,
    model,
    system_fingerprint: fingerprint,
    choices: [choice(part)],
    usage: usageJson(part.done?.metrics),
    _debug_info: debugJson(part.debug),
  }
}

/** With usage, every chunk carries one: of zeros, until the last, which has nothing else. */
function* chunks(head: CompletionHead, part: Part, includeUsage: boolean): Generator<SseEvent> {
  yield chunk(head, [choice(part)], includeUsage ? usageJson(undefined) : undefined)
  if (!part.done) return
  if (includeUsage) yield chunk(head, [], usageJson(part.done.metrics))
  yield { data: '[DONE]' }
}

const choice = (part: Part): object => ({ text: part.content, index: 0, finish_reason: finishReason(part, false) })

const chunk = ({ id, created, model }: CompletionHead, choices: object[], usage: object | undefined): SseEvent => ({
  data: { id, object: 'text_completion', created, choices, model, system_fingerprint: fingerprint, usage },
})
