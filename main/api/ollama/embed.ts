import { any, anyMap, bool, int, pointer, string, struct } from '../../go/json/types.ts'
import type { EmbedRequest } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { nativeBody } from '../bodies/body-type.ts'
import { untilGone } from '../ndjson.ts'
import { jsonType } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { jsonWithVectors, vectorJson } from '../vector-list.ts'
import { keepAlive } from './keep-alive.ts'

const embedRequest = struct('EmbedRequest', {
  model: string,
  input: any,
  keep_alive: keepAlive,
  truncate: pointer(bool),
  dimensions: int,
  options: anyMap,
})

export const embedBody = nativeBody(
  '/api/embed',
  embedRequest,
  (read): EmbedRequest => ({
    model: read.model,
    inputs: read.input === '' ? [] : textsToEmbed(read.input),
    truncate: read.truncate,
    dimensions: read.dimensions,
    keepAlive: read.keep_alive,
    options: read.options,
  }),
)

/** POST /api/embed: one vector of length 1 for each text; without texts, loads the model. */
export async function embed(request: Request, { inference, bodies }: ApiServices): Promise<Response> {
  const asked = await bodies.read(request, embedBody)
  const { vectors, totalDuration, loadDuration, promptEvalCount } = await untilGone(request, signal =>
    inference.embed(asked, signal),
  )
  const metrics = {
    total_duration: totalDuration || undefined,
    load_duration: loadDuration || undefined,
    prompt_eval_count: promptEvalCount || undefined,
  }
  const after = asked.inputs.length > 0 ? metrics : {}
  const body = await jsonWithVectors({ model: asked.model }, 'embeddings', vectors, vectorJson, after)
  return new Response(body, { headers: { 'Content-Type': jsonType } })
}

/**
 * The texts of an `input`: one, several, or none for null.
 * @throws Problem 400 for anything else
 */
export function textsToEmbed(input: unknown): string[] {
  if (input === undefined) return []
  const inputs: unknown[] = Array.isArray(input) ? input : [input]
  if (inputs.every(item => typeof item === 'string')) return inputs
  throw new Problem('invalid-request', 400, 'invalid input type')
}
