import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chatModel, startEngine } from './engine.ts'
import { one, randomFile, rmsEpsilon, width } from './random-model.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pre-tokenizer-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A Llama that says nothing of how its text is split; no rule of merging makes `cat` of its letters. */
function forgetful(): Buffer {
  const words = ['c', 'a', 't', 'cat', '<|end|>']
  const sizes = { block_count: 1, context_length: 512, embedding_length: width, feed_forward_length: 64 }
  const heads = { 'attention.head_count': 4, 'attention.head_count_kv': 4, 'rope.dimension_count': 16 }
  const squares = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down']
  return randomFile(
    [
      ['general.architecture', 8, 'llama'],
      ...Object.entries({ ...sizes, ...heads }).map(([key, value]) => [`llama.${key}`, 4, value] as const),
      rmsEpsilon('llama'),
      ['tokenizer.ggml.model', 8, 'gpt2'],
      ['tokenizer.ggml.tokens', 9, [8, words]],
      ['tokenizer.ggml.token_type', 9, [5, [1, 1, 1, 1, 3]]],
      ['tokenizer.ggml.merges', 9, [8, ['c a']]],
      ['tokenizer.ggml.eos_token_id', 4, 4],
      ['tokenizer.ggml.add_bos_token', 7, false],
    ],
    [
      ['token_embd.weight', [width, words.length]],
      ['output_norm.weight', [width], one],
      ...['attn_norm', 'ffn_norm'].map(name => [`blk.0.${name}.weight`, [width], one] as const),
      ...squares.map(name => [`blk.0.${name}.weight`, [width, width]] as const),
    ],
  )
}

// Llama 3 takes a word it knows as it is; by the common rules it would be put together of its letters, and not be
// found.
it('reads words as a model does that forgot to say how', async () => {
  const modelPath = join(folder, 'forgetful.gguf')
  await writeFile(modelPath, forgetful())
  const tokens = async (preTokenizer?: string) => {
    const engine = await startEngine({ ...chatModel, contextSize: 256, modelPath, preTokenizer })
    try {
      return await engine.tokenize('cat')
    } finally {
      await engine.dispose()
    }
  }
  expect(await tokens()).toEqual([0, 1, 2])
  expect(await tokens('llama-bpe')).toEqual([3])
})
