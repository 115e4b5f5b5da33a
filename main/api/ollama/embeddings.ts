import { anyMap, string, struct } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { untilGone } from '../ndjson.ts'
import { readJson } from '../request-body.ts'
import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { keepAlive } from './keep-alive.ts'

const embeddingsRequest = struct('EmbeddingRequest', {
  model: string,
  prompt: string,
  keep_alive: keepAlive,
  options: anyMap,
})

/** POST /api/embeddings, the older way: the vector of one text, as 64-bit floats; without a text, loads the model. */
export async function embeddings(request: Request, { inference }: ApiServices): Promise<Response> {
  const read = await readJson(request, embeddingsRequest)
  if (read.model.trim() === '') throw new Problem('invalid-request', 400, 'model is required')
  const inputs = read.prompt === '' ? [] : [read.prompt]
  const { vectors } = await untilGone(request, signal =>
    inference.embed(
      {
        model: read.model,
        inputs,
        truncate: false,
        raw: true,
        keepAlive: read.keep_alive,
        options: read.options,
      },
      signal,
    ),
  ).catch(error => {
    throw asServerError(error)
  })
  return json({ embedding: Array.from(vectors[0] ?? []) })
}

/** Here a text that is too long is the server's fault (upstream server/routes.go, EmbeddingsHandler). */
function asServerError(error: unknown): unknown {
  if (!(error instanceof Problem && error.code === 'context-too-long')) return error
  return new Problem(error.code, 500, error.message, error.details)
}
