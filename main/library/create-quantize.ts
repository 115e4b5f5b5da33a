import { architectureOf, text } from '../gguf/metadata.ts'
import type { GgufHeader } from '../gguf/types.ts'
import { Problem } from '../problem.ts'
import { type Creation, type MadeLayer, statusOf } from './creation.ts'
import type { GgufSource } from './gguf/rewrite.ts'
import { MediaType } from './manifest.ts'
import { weightType } from './weight-type.ts'

/** Weights on their way into a manifest. */
export interface Weights extends GgufSource {
  readonly made: MadeLayer
}

/** Names of one type beside its own (upstream server/create.go, llama.cpp tools/quantize/quantize.cpp). */
const aliases: Readonly<Record<string, string>> = { Q3_K: 'Q3_K_M', Q4_K: 'Q4_K_M', Q5_K: 'Q5_K_M' }

/** Types upstream quantises to. */
const upstreamTypes = ['F32', 'F16', 'BF16', 'Q8_0', 'Q4_K_S', 'Q4_K_M'] as const

/** The further ones llama-quantize offers. Some of them want an importance matrix for what they keep in two bits. */
const furtherTypes = [
  ...['Q1_0', 'Q2_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'MXFP4_MOE', 'TQ1_0', 'TQ2_0'],
  ...['Q2_K', 'Q2_K_S', 'Q3_K_S', 'Q3_K_M', 'Q3_K_L', 'Q5_K_S', 'Q5_K_M', 'Q6_K'],
  ...['IQ1_S', 'IQ1_M', 'IQ2_XXS', 'IQ2_XS', 'IQ2_S', 'IQ2_M'],
  ...['IQ3_XXS', 'IQ3_XS', 'IQ3_S', 'IQ3_M', 'IQ4_NL', 'IQ4_XS'],
] as const

const quantizeTypes = new Set<string>([...upstreamTypes, ...furtherTypes])

/** Types that have lost nothing yet, so that quantising them is sensible. */
const unquantized = new Set(['F32', 'F16', 'BF16'])

/**
 * The type a request's `quantize` means.
 * @throws Problem 500 in upstream's words, which name upstream's types alone
 */
export function quantizeType(wanted: string): string {
  const name = wanted.toUpperCase()
  const type = aliases[name] ?? name
  if (quantizeTypes.has(type)) return type
  const supported = 'F32, F16, Q4_K_S, Q4_K_M, Q8_0'
  throw new Problem('invalid-request', 500, `unsupported quantization type ${name} - supported types are ${supported}`)
}

/**
 * Weights in another type, as a new layer (upstream server/quantization.go). Weights that have it already stay.
 * @param wanted the request's `quantize` or `draft_quantize`
 * @throws Problem 500 in upstream's words for what cannot be quantised
 */
export async function quantized(creation: Creation, weights: Weights, wanted: string): Promise<Weights> {
  const type = quantizeType(wanted)
  const { made, path, header } = weights
  const { mediaType } = made.layer
  const found = weightType(header)
  if (!unquantized.has(found)) {
    const text =
      mediaType === MediaType.draft
        ? `draft quantization requires an unquantized draft model, got ${found}`
        : 'quantization is only supported for F16, BF16 and F32 models'
    throw new Problem('invalid-request', 500, text)
  }
  if (type === found) return weights
  const status = `quantizing ${found} model to ${type}`
  creation.progress(status, 0, header.fileSize)
  const blob = await creation.writeFile(status, (output, hooks) =>
    creation.tools.toolEngine.quantize({ source: path, output, fileType: type }, hooks),
  )
  creation.status('verifying conversion')
  const written = creation.tools.blobs.path(blob.digest)
  return {
    made: { layer: { mediaType, digest: blob.digest, size: blob.size }, status: statusOf(blob) },
    path: written,
    header: await creation.tools.files.header(written),
  }
}

/** The type upstream gives weights that were made from eight-bit floats when none is asked for. */
export function impliedType(header: GgufHeader): string | undefined {
  return text(header, `${architectureOf(header)}.source_quantization`) === 'hf_fp8' ? 'Q8_0' : undefined
}
