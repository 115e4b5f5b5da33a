import { any, int, string, struct } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { v1Body } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { textsToEmbed } from '../ollama/embed.ts'
import { bareJsonType } from '../responses.ts'
import { jsonWithVectors, vectorJson } from '../vector-list.ts'

const embedRequest = struct(
  'EmbedRequest',
  { input: any, model: string, dimensions: int, encoding_format: string },
  'openai.EmbedRequest',
)

export const openAiEmbeddingsBody = v1Body('/v1/embeddings', embedRequest, read => {
  const { input, model, dimensions } = read
  const base64 = inBase64(read.encoding_format)
  if (input === undefined || (Array.isArray(input) && input.length === 0)) throw invalid('invalid input')
  return { base64, asked: { model, inputs: textsToEmbed(input), dimensions } }
})

/** POST /v1/embeddings: one vector of length 1 for each text, as numbers or as the base64 of 32-bit floats. */
export const openAiEmbeddings: Endpoint = async (request, { inference, bodies }) => {
  const { base64, asked } = await bodies.read(request, openAiEmbeddingsBody)
  const { vectors, promptEvalCount } = await untilGone(request, signal => inference.embed(asked, signal))
  const write = base64 ? littleEndianBase64 : vectorJson
  const item = (vector: Float32Array, index: number): string =>
    `{"object":"embedding","embedding":${write(vector)},"index":${index}}`
  const usage = { prompt_tokens: promptEvalCount, total_tokens: promptEvalCount }
  const body = await jsonWithVectors({ object: 'list' }, 'data', vectors, item, { model: asked.model, usage })
  return new Response(`${body}\n`, { headers: { 'Content-Type': bareJsonType } })
}

function inBase64(format: string): boolean {
  switch (format.toLowerCase()) {
    case '':
    case 'float':
      return false
    case 'base64':
      return true
    default:
      throw invalid(`Invalid value for 'encoding_format' = ${format}. Supported values: ['float', 'base64'].`)
  }
}

/** As a JSON string, in which base64 needs no escapes. */
function littleEndianBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index)
  return `"${bytes.toString('base64')}"`
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
