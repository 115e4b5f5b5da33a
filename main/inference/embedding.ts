import { type Engine, longestToken } from '../engine/engine.ts'
import { ifThere } from '../files/errno.ts'
import { goQuote } from '../go/text.ts'
import type { Library } from '../library/library.ts'
import type { GgufFacts, Model } from '../library/model.ts'
import { displayShortest } from '../library/model-name.ts'
import { Problem } from '../problem.ts'
import type { InferenceEnvironment } from './environment.ts'
import { forEmbeddings, loadOptions } from './load-options.ts'
import { parseOptions } from './options.ts'
import type { Embeddings, EmbedRequest } from './requests.ts'
import type { Scheduler } from './scheduler.ts'

export interface EmbeddingServices {
  readonly library: Library
  readonly scheduler: Scheduler
  readonly environment: InferenceEnvironment
}

/** Turns texts into vectors with a model of the library (upstream server/routes.go, EmbedHandler). */
export async function embedding(
  { library, scheduler, environment }: EmbeddingServices,
  request: EmbedRequest,
  signal?: AbortSignal,
): Promise<Embeddings> {
  const since = process.hrtime.bigint()
  const model = await modelToEmbed(library, request.model)
  const facts = await ifThere(library.facts(model.modelPath))
  if (!facts) throw notFound(request.model)
  const { runner } = parseOptions(model.parameters, request.options)
  const lease = await scheduler.acquire(
    {
      name: displayShortest(model.name),
      options: forEmbeddings(loadOptions(model, facts, runner, environment)),
      exactContext: runner.numCtx !== undefined,
      keepAlive: request.keepAlive,
    },
    { signal },
  )
  let answered = false
  try {
    const { engine, loadNanoseconds } = lease
    const inputs = request.truncate === false ? request.inputs : await Promise.all(request.inputs.map(cut(engine)))
    const { vectors, promptTokens } = await engine.embed(inputs, signal)
    answered = true
    const asTheModelMakesIt = request.raw && (await isRaw(library, model.modelPath, facts))
    return {
      vectors: vectors.map(vector => (asTheModelMakesIt ? finite(vector) : normalised(vector, request.dimensions))),
      promptEvalCount: promptTokens,
      loadDuration: loadNanoseconds,
      totalDuration: Number(process.hrtime.bigint() - since),
    }
  } finally {
    lease.release(answered)
  }
}

async function modelToEmbed(library: Library, name: string): Promise<Model & { readonly modelPath: string }> {
  if (name.trim() === '') throw new Problem('model-not-found', 404, "model '' not found")
  const model = await library.get(name).catch(error => {
    throw error instanceof Problem && error.code === 'model-not-found' ? notFound(name) : error
  })
  const { modelPath } = model
  if (modelPath) return { ...model, modelPath }
  throw new Problem('broken-model-file', 500, `model '${name}' has no weights that Hearth can run`)
}

const notFound = (name: string): Problem =>
  new Problem('model-not-found', 404, `model ${goQuote(name)} not found, try pulling it first`)

/** The text itself where it surely fits, else its tokens without those that do not. */
export function cut(engine: Engine): (text: string) => Promise<string | readonly number[]> {
  // The tokens that a tokenizer puts before and behind a text.
  const room = engine.info.contextSize - 2
  return async text => {
    // Every token is at least a byte long; one more may stand for a space put in front.
    if (Buffer.byteLength(text) < room) return text
    // Reading megabytes that are cut off anyway would hold up every other text.
    const beginning = text.slice(0, room * longestToken)
    const tokens = await engine.tokenize(beginning, { special: true })
    return tokens.length <= room ? beginning : tokens.slice(0, room)
  }
}

/** BERT models say whether their vectors are to be of length 1; nomic's never are (upstream llm/llama_server.go). */
async function isRaw(library: Library, path: string, { architecture }: GgufFacts): Promise<boolean> {
  if (architecture === 'nomic-bert') return true
  return architecture === 'bert' && (await library.metadata(path))['bert.normalize_embeddings'] !== true
}

/**
 * A vector of length 1, computed in 32-bit floats; with `dimensions` its first ones, brought to length 1 again. A
 * vector of zeros stays one (upstream server/routes.go, normalize).
 * @throws Problem 400 for a number that is none
 */
export function normalised(vector: readonly number[], dimensions = 0): Float32Array {
  const whole = unit(finite(vector))
  return dimensions > 0 && dimensions < whole.length ? unit(whole.subarray(0, dimensions)) : whole
}

function unit(vector: Float32Array): Float32Array {
  let sum = 0
  for (const value of vector) sum = Math.fround(sum + Math.fround(value * value))
  const scale = Math.fround(1 / Math.max(Math.sqrt(sum), 1e-12))
  return vector.map(value => value * scale)
}

function finite(vector: readonly number[]): Float32Array {
  const floats = Float32Array.from(vector)
  if (floats.every(Number.isFinite)) return floats
  throw new Problem('invalid-request', 400, 'embedding contains NaN or Inf values')
}
