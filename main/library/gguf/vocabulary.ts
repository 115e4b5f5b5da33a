import { readArray } from '../../gguf/arrays.ts'
import { brokenModelFile } from '../../gguf/broken.ts'
import { text } from '../../gguf/metadata.ts'
import { type GgufHeader, GgufType, isArray } from '../../gguf/types.ts'
import { repeatedToken } from '../../gguf/vocabulary.ts'
import { forgottenPreTokenizer } from './pre-tokenizer.ts'
import type { GgufSource } from './rewrite.ts'

/** A vocabulary with more bytes than this is taken as it is: the largest known has a tenth of them. */
const mostBytes = 64 * 1024 * 1024

/**
 * Makes sure that no two tokens of a model's file have the same text, over which llama.cpp ends its process.
 * @throws Problem `broken-model-file`, or the file system's error
 */
export async function checkVocabulary({ path, header }: GgufSource): Promise<void> {
  const entry = header.entries.get('tokenizer.ggml.tokens')
  if (!entry || !isArray(entry.value) || entry.value.elementType !== GgufType.string || !hasTokens(header)) return
  if (entry.end - entry.start > mostBytes) return
  const texts = (await readArray(path, entry.value)) as string[]
  // Bytes that are no UTF-8 look alike here, and are left to llama.cpp.
  const reason = repeatedToken(texts.map(token => (token.includes('\ufffd') ? '' : token)))
  if (reason !== undefined) throw brokenModelFile(reason)
}

/** Whether llama.cpp reads the file's vocabulary at all. */
export function hasTokens(header: GgufHeader): boolean {
  return !['none', 'no_vocab'].includes(text(header, 'tokenizer.ggml.model') ?? '')
}

/**
 * Whether a file with byte-level BPE does not say how text is cut before merging, and nobody knows better: llama.cpp then
 * takes GPT-2's rule.
 */
export async function lacksCut({ path, header }: GgufSource): Promise<boolean> {
  if (text(header, 'tokenizer.ggml.model') !== 'gpt2' || text(header, 'tokenizer.ggml.pre')) return false
  return (await forgottenPreTokenizer(path, header)) === undefined
}

/** What byte-level BPE is cut by in most files: every llama.cpp of ours knows these. */
const commonCuts = ['default', 'gpt-2', 'gpt-4o', 'llama-bpe', 'qwen2', 'smollm', 'tekken']

/** Whether a file names a way of cutting text that llama.cpp may not know, and then would not load the model. */
export function hasRareCut({ header }: GgufSource): boolean {
  const cut = text(header, 'tokenizer.ggml.pre')
  return text(header, 'tokenizer.ggml.model') === 'gpt2' && !!cut && !commonCuts.includes(cut)
}
