import type { Fields } from '../source/fields.ts'
import type { ModelFolder } from '../source/model-folder.ts'
import { addedTokens } from './added-tokens.ts'
import type { SpecialToken, Vocabulary } from './vocabulary.ts'

/** Parts tokens play, as Hugging Face's files name them and as GGUF does. */
const parts: Readonly<Record<string, string>> = {
  bos: 'bos',
  eos: 'eos',
  unk: 'unknown',
  sep: 'seperator',
  pad: 'padding',
  cls: 'cls',
  mask: 'mask',
}

/**
 * The tokens tokenizer_config.json gives a part, where they are among tokenizer.json's added tokens (upstream
 * convert/tokenizer.go). Without a tokenizer.json, SentencePiece's own pieces are asked: upstream then says nothing,
 * and llama.cpp takes Llama 2's.
 */
export async function specialTokens(
  folder: ModelFolder,
  tokenizer: Fields | undefined,
  vocabulary: Vocabulary,
): Promise<SpecialToken[]> {
  const config = await folder.optionalFields('tokenizer_config.json')
  const generation = await folder.optionalFields('generation_config.json')
  const ids = tokenizer
    ? new Map(addedTokens(tokenizer).map(({ content, id }) => [content, id]))
    : new Map(vocabulary.tokens.map(({ text }, id) => [text, id]))
  return Object.entries(parts).flatMap(([part, key]) => {
    const id = ids.get(contentOf(config.get(`${part}_token`)) ?? '')
    if (id === undefined) return []
    const add = config.flag(`add_${part}_token`)
    const all = generation.get(`${part}_token_id`)
    return [{ key, id, ids: isIds(all) ? all : [], ...(add !== undefined && { add }) }]
  })
}

/** A token is given by its text, or by an object that has it. */
function contentOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const content = (value as { content?: unknown } | null | undefined)?.content
  return typeof content === 'string' ? content : undefined
}

function isIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(id => Number.isInteger(id) && Math.abs(id) < 2 ** 31)
}
