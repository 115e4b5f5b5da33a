import { readArray } from '../../gguf/arrays.ts'
import { architectureOf, text } from '../../gguf/metadata.ts'
import { type GgufHeader, isArray } from '../../gguf/types.ts'

/** Llama 3's tokens around a message's role and at the end of a turn, by their numbers. */
const role = { id: 128006, text: '<|start_header_id|>' }
const turnEnd = { id: 128009, text: '<|eot_id|>' }

/**
 * Some files of Llama 3 were made before llama.cpp told kinds of pre-tokenizers apart, and would be read with another
 * one: words would fall into pieces the model has not learned (upstream llama/compat/llama-ollama-compat.cpp).
 * @returns what `tokenizer.ggml.pre` should say; undefined for a file that says it, or that nobody knows better than
 */
export async function forgottenPreTokenizer(path: string, header: GgufHeader): Promise<string | undefined> {
  const tokens = header.entries.get('tokenizer.ggml.tokens')?.value
  const said = text(header, 'tokenizer.ggml.pre') || 'default'
  if (architectureOf(header) !== 'llama' || said !== 'default' || !isArray(tokens)) return undefined
  if (tokens.length <= turnEnd.id) return undefined
  const [first, last] = await readArray(path, tokens, [role.id, turnEnd.id])
  const template = text(header, 'tokenizer.chat_template') ?? ''
  const talks = first === role.text || template.includes(role.text) || template.includes(turnEnd.text)
  return last === turnEnd.text && talks ? 'llama-bpe' : undefined
}
