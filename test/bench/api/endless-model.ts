import { readFile, writeFile } from 'node:fs/promises'
import { readArray } from '../../../main/gguf/arrays.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { isArray } from '../../../main/gguf/types.ts'

/** llama.h, LLAMA_TOKEN_TYPE_CONTROL */
const control = 3

/**
 * Writes a copy of a model whose answers do not end before they are as long as was asked for: control tokens, and with
 * them those that end an answer, get a logit of zero, which others exceed.
 */
export async function writeEndlessModel(path: string, base: string): Promise<void> {
  const { entries, tensors, dataOffset } = await readHeader(base)
  const output = tensors.find(({ name }) => name === 'output.weight')
  const types = entries.get('tokenizer.ggml.token_type')?.value
  if (!output?.bytes || !isArray(types)) throw new Error(`${base} has no output or no types of tokens`)
  const model = await readFile(base)
  const row = output.bytes / output.shape[1]!
  const start = dataOffset + output.offset
  for (const [token, type] of (await readArray(base, types)).entries())
    if (type === control) model.fill(0, start + token * row, start + (token + 1) * row)
  await writeFile(path, model)
}
