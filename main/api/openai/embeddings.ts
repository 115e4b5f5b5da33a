import { Problem } from '../../problem.ts'
import { readV1Json } from '../compressed-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { any, int, string, struct } from '../go-json/types.ts'
import { untilGone } from '../ndjson.ts'
import { floats, textsToEmbed } from '../ollama/embed.ts'
import { openAiJson } from './answer.ts'

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
  return openAiJson({
    object: 'list',
    data: (await write(vectors)).map((embedding, index) => ({ object: 'embedding', embedding, index })),
    model,
    usage: { prompt_tokens: promptEvalCount, total_tokens: promptEvalCount },
  })
}

type WriteVectors = (vectors: readonly Float32Array[]) => Promise<(number[] | string)[]>

function vectorFormat(name: string): WriteVectors {
  switch (name.toLowerCase()) {
    case '':
    case 'float':
      return floats
    case 'base64':
      return async vectors => vectors.map(littleEndianBase64)
    default:
      throw invalid(`Invalid value for 'encoding_format' = ${name}. Supported values: ['float', 'base64'].`)
  }
}

function littleEndianBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index)
  return bytes.toString('base64')
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
