import { brokenModelFile } from '../../gguf/broken.ts'
import { architectureOf, natural } from '../../gguf/metadata.ts'
import { isForOllama } from '../../gguf/ollama/translation.ts'
import { misfit } from '../../gguf/shapes.ts'
import { type GgufHeader, isArray } from '../../gguf/types.ts'
import { hasTokens } from './vocabulary.ts'

/**
 * Makes sure that a model's weights have the shapes its numbers speak of, where llama.cpp is certain to refuse others:
 * a person hears of it when the model is made, not when it is asked something.
 * @throws Problem `broken-model-file`
 */
export function checkDimensions(header: GgufHeader): void {
  if (isForOllama(header)) return
  const number = (key: string) => (header.entries.has(key) ? (natural(header, key) ?? Number.NaN) : undefined)
  const reason = misfit({
    architecture: architectureOf(header),
    number,
    tokens: tokensOf(header),
    tensors: header.tensors,
  })
  if (reason !== undefined) throw brokenModelFile(reason)
}

function tokensOf(header: GgufHeader): number {
  const tokens = header.entries.get('tokenizer.ggml.tokens')?.value
  return isArray(tokens) && hasTokens(header) ? tokens.length : Number.NaN
}
