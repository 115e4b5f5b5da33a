import { natural } from '../gguf/metadata.ts'
import { fileTypeName, type GgufHeader, tensorTypeName } from '../gguf/types.ts'

/**
 * The file type of weights. `general.file_type` has no value for F32 that is told from none (upstream reads both as
 * unknown, and refuses F32 models against its own words); then the largest tensor says it.
 */
export function weightType(header: GgufHeader): string {
  const said = fileTypeName(natural(header, 'general.file_type') ?? 0)
  if (said !== 'unknown' || header.tensors.length === 0) return said
  const largest = header.tensors.reduce((a, b) => ((b.bytes ?? 0) > (a.bytes ?? 0) ? b : a))
  return tensorTypeName(largest.type)
}
