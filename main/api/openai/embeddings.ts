import { any, int, string, struct } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { readV1Json } from '../compressed-body.ts'
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

/** POST /v1/embeddings: one vector of length 1 for each text, as numbers or as the base64 of 32-bit floats. */
export const openAiEmbeddings: Endpoint = async (request, { inference }) => {
  const { input, model, dimensions, encoding_format } = await readV1Json(request, embedRequest)
  const write = vectorFormat(encoding_format)
  if (input === undefined || (Array.isArray(input) && input.length === 0)) throw invalid('invalid input')
  const inputs = textsToEmbed(input)
  const { vectors, promptEvalCount } = await untilGone(request, signal =>
    inference.embed({ model, inputs, dimensions }, signal),
  )
  const item = (vector: Float32Array, index: number): string =>
    `{"object":"embedding","embedding":${write(vector)},"index":${index}}`
  const usage = { prompt_tokens: promptEvalCount, total_tokens: promptEvalCount }
  const body = await jsonWithVectors({ object: 'list' }, 'data', vectors, item, { model, usage })
  return new Response(`${body}\n`, { headers: { 'Content-Type': bareJsonType } })
}

function vectorFormat(name: string): (vector: Float32Array) => string {
  switch (name.toLowerCase()) {
    case '':
    case 'float':
      return vectorJson
    case 'base64':
      return littleEndianBase64
    default:
      throw invalid(`Invalid value for 'encoding_format' = ${name}. Supported values: ['float', 'base64'].`)
  }
}

/** As a JSON string, in which base64 needs no escapes. */
function littleEndianBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index)
  return `"${bytes.toString('base64')}"`
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
