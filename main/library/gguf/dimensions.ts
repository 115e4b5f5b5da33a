import { brokenModelFile } from '../../gguf/broken.ts'
import { architectureOf, natural } from '../../gguf/metadata.ts'
import { isForOllama } from '../../gguf/ollama/translation.ts'
import type { GgufHeader } from '../../gguf/types.ts'

/**
 * Makes sure that a model's weights have the shapes its numbers speak of, where llama.cpp is certain to refuse others
 * (llama-model.cpp: the number of rotated dimensions, check_tensor_dims): a person hears of it when the model is made,
 * not when it is asked something. Only of Llama's architecture, the one of most files, and only of what the file says.
 * @throws Problem `broken-model-file`
 */
export function checkDimensions(header: GgufHeader): void {
  const architecture = architectureOf(header)
  if (architecture !== 'llama' || isForOllama(header)) return
  const number = (key: string) => natural(header, `llama.${key}`)
  const width = number('embedding_length')
  const heads = number('attention.head_count')
  if (width === undefined || !heads) return
  const headSize = number('attention.key_length') ?? Math.floor(width / heads)
  const rotated = number('rope.dimension_count') ?? headSize
  if (rotated !== headSize) {
    throw brokenModelFile(`it rotates ${rotated} dimensions of each attention head, which has ${headSize}`)
  }
  for (const { name, shape } of header.tensors) {
    const isQuery = /^blk\.\d+\.attn_q\.weight$/.test(name)
    if (!isQuery && name !== 'token_embd.weight') continue
    const wanted = isQuery ? [width, heads * headSize] : [width]
    if (wanted.every((length, i) => shape[i] === length)) continue
    const reason = isQuery ? `${heads} heads of ${headSize}, and a width of ${width}` : `a width of ${width}`
    throw brokenModelFile(`its tensor ${JSON.stringify(name)} is ${shape.join(' by ')}, which does not fit ${reason}`)
  }
}
