import { anyMap, string, struct } from '../../go/json/types.ts'
import type { EmbedRequest } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { nativeBody } from '../bodies/body-type.ts'
import { untilGone } from '../ndjson.ts'
import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { keepAlive } from './keep-alive.ts'

const embeddingsRequest = struct('EmbeddingRequest', {
  model: string,
  prompt: string,
  keep_alive: keepAlive,
  options: anyMap,
})

export const embeddingsBody = nativeBody('/api/embeddings', embeddingsRequest, (read): EmbedRequest => {
  if (read.model.trim() === '') throw new Problem('invalid-request', 400, 'model is required')
  return {
    model: read.model,
    inputs: read.prompt === '' ? [] : [read.prompt],
    truncate: false,
    raw: true,
    keepAlive: read.keep_alive,
    options: read.options,
  }
})

/** POST /api/embeddings, the older way: the vector of one text, as 64-bit floats; without a text, loads the model. */
export async function embeddings(request: Request, { inference, bodies }: ApiServices): Promise<Response> {
  const asked = await bodies.read(request, embeddingsBody)
  const { vectors } = await untilGone(request, signal => inference.embed(asked, signal)).catch(error => {
    throw asServerError(error)
  })
  return json({ embedding: Array.from(vectors[0] ?? []) })
}

/** Here a text that is too long is the server's fault (upstream server/routes.go, EmbeddingsHandler). */
function asServerError(error: unknown): unknown {
  if (!(error instanceof Problem && error.code === 'context-too-long')) return error
  return new Problem(error.code, 500, error.message, error.details)
}
