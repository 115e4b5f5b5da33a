import type { InferenceEvent, Logprob, Metrics, ToolCall } from '../../inference/requests.ts'
import { eachBecomes, eachOf, type Portions } from '../../portions.ts'
import { Problem, type ProblemCode } from '../../problem.ts'
import { ndjson, untilGone } from '../ndjson.ts'
import { json } from '../responses.ts'

/** A piece of an answer, or the whole of it: what one JSON object of the response tells. */
export interface Part {
  readonly content: string
  readonly thinking: string
  readonly toolCalls: readonly ToolCall[]
  readonly logprobs: readonly Logprob[]
  readonly done?: Extract<InferenceEvent, { type: 'done' }>
  readonly debug?: Extract<InferenceEvent, { type: 'debug' }>
}

const nothing: Part = { content: '', thinking: '', toolCalls: [], logprobs: [] }

/** @throws Problem 400; upstream checks this before it looks for the model, and whether or not `logprobs` is set */
export function checkTopLogprobs(count: number): void {
  if (count >= 0 && count <= 20) return
  throw new Problem('invalid-request', 400, 'top_logprobs must be between 0 and 20')
}

/**
 * Sends an answer piece by piece, or whole at its end. Loading, unloading and a rendered prompt are one object in any
 * case.
 * @param stream as the request has it; absent means yes
 * @param run starts inference
 * @param write one part as the endpoint's object
 */
export async function answer(
  request: Request,
  stream: boolean | undefined,
  run: (signal: AbortSignal) => Portions<InferenceEvent>,
  write: (part: Part) => object,
): Promise<Response> {
  if (stream ?? true) {
    return ndjson(request, {
      values: signal => parts(run(signal)),
      write,
      unopened: ({ code }) => metBeforeOpening.has(code),
      alone: ({ done, debug }) => debug !== undefined || done?.reason === 'load' || done?.reason === 'unload',
    })
  }
  return untilGone(request, async signal => json(write(await whole(parts(run(signal))))))
}

/** Everything up to the scheduling of an engine comes before upstream's stream. */
const metBeforeOpening: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'invalid-request',
  'model-not-found',
  'capability-missing',
  'cannot-see',
  'busy',
  'cancelled',
])

/** The pieces of an answer as they come. */
export function parts(events: Portions<InferenceEvent>): Portions<Part> {
  return eachBecomes(events, event => {
    if (event.type === 'delta') return [{ ...nothing, ...present(event) }]
    if (event.type === 'done') return [{ ...nothing, done: event }]
    return event.type === 'debug' ? [{ ...nothing, debug: event }] : []
  })
}

const present = (delta: Extract<InferenceEvent, { type: 'delta' }>): Partial<Part> => ({
  content: delta.content,
  ...(delta.thinking ? { thinking: delta.thinking } : {}),
  ...(delta.toolCalls ? { toolCalls: delta.toolCalls } : {}),
  ...(delta.logprobs ? { logprobs: delta.logprobs } : {}),
})

/** All pieces as one. */
export async function whole(pieces: Portions<Part>): Promise<Part> {
  const content: string[] = []
  const thinking: string[] = []
  const toolCalls: ToolCall[] = []
  const logprobs: Logprob[] = []
  let last: Part = nothing
  for await (const part of eachOf(pieces)) {
    content.push(part.content)
    thinking.push(part.thinking)
    toolCalls.push(...part.toolCalls)
    logprobs.push(...part.logprobs)
    last = part
  }
  return { ...last, content: content.join(''), thinking: thinking.join(''), toolCalls, logprobs }
}

/** What an answer cost, in nanoseconds and tokens; zeros are left out as Go's omitempty does. */
export function metricsJson(metrics: Metrics | undefined): object {
  return {
    total_duration: metrics?.totalDuration || undefined,
    load_duration: metrics?.loadDuration || undefined,
    prompt_eval_count: metrics?.promptEvalCount || undefined,
    prompt_eval_duration: metrics?.promptEvalDuration || undefined,
    eval_count: metrics?.evalCount || undefined,
    eval_duration: metrics?.evalDuration || undefined,
  }
}

/** `_debug_info` of a rendered prompt. */
export function debugJson(debug: Part['debug']): object | undefined {
  return debug && { rendered_template: debug.renderedTemplate, image_count: debug.imageCount || undefined }
}
