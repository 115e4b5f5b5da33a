import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readHeader } from '../../../main/gguf/header.ts'
import { checkDimensions } from '../../../main/library/gguf/dimensions.ts'
import {
  attention,
  bertFiles,
  bertShapes,
  decoder,
  feedForward,
  folder,
  fused,
  head,
  headNorms,
  norms,
  outerNorms,
  randomTensors,
  spmFiles,
  spmTokens,
} from '../../unit/engine/tool/safetensors/tiny-models.ts'
import { convertingFolder } from './converted.ts'

const { convert } = convertingFolder()

let child: ChildProcess
beforeAll(async () => {
  child = fork(join(import.meta.dirname, 'loading-child.ts'), { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
})
afterAll(() => child.kill('SIGKILL'))

async function loads(modelPath: string): Promise<boolean> {
  child.send(modelPath)
  const [isLoaded] = await once(child, 'message')
  return isLoaded
}

async function fits(path: string): Promise<boolean> {
  const header = await readHeader(path)
  try {
    checkDimensions(header)
    return true
  } catch {
    return false
  }
}

const plain = { ...attention, ...feedForward, ...norms }
const longrope = {
  rope_scaling: { type: 'longrope', long_factor: new Array(8).fill(2), short_factor: new Array(8).fill(1) },
  original_max_position_embeddings: 64,
}
const gemma = { head_dim: 16, vocab_size: spmTokens }
const pooled = { vocab_size: 11, layer_norm_eps: 1e-12, rope_theta: null }

const spm = (name: string, block: Parameters<typeof decoder>[0], more = {}) =>
  folder(name, { ...gemma, ...more }, randomTensors(decoder(block, {}, spmTokens)), spmFiles)
const bpe = (name: string, block: Parameters<typeof decoder>[0], config = {}) =>
  folder(name, config, randomTensors(decoder(block, head)))

const fields = [
  ...['embedding_length', 'feed_forward_length', 'block_count', 'context_length', 'rope.dimension_count'],
  ...['attention.head_count', 'attention.head_count_kv', 'attention.key_length', 'attention.value_length'],
]

// Each was found out when the model was first asked something, after the last byte of it had been copied, converted or
// quantised; and what the engine loads must never be refused.
it.each([
  ['llama', bpe('LlamaForCausalLM', plain)],
  ['mistral3', bpe('Ministral3ForCausalLM', plain)],
  ['qwen2', bpe('Qwen2ForCausalLM', plain)],
  ['qwen3', bpe('Qwen3ForCausalLM', { ...plain, ...headNorms }, { head_dim: 16 })],
  ['gemma', spm('GemmaForCausalLM', plain)],
  ['gemma2', spm('Gemma2ForCausalLM', { ...plain, ...outerNorms }, { sliding_window: 32 })],
  ['gemma3', spm('Gemma3ForCausalLM', { ...plain, ...outerNorms, ...headNorms }, { sliding_window: 32 })],
  ['phi3', bpe('Phi3ForCausalLM', { ...fused, ...norms }, longrope)],
  ['bert', folder('BertModel', pooled, randomTensors(bertShapes), bertFiles({ pooling_mode_cls_token: true }))],
])('%s is refused by its header exactly where the engine refuses it', async (architecture, content) => {
  const { gguf } = await convert(content)
  expect(await Promise.all([loads(gguf.path), fits(gguf.path)])).toEqual([true, true])
  const whole = readFileSync(gguf.path)
  const [byEngine, byHeader]: [string[], string[]] = [[], []]
  for (const field of [...fields.map(name => `${architecture}.${name}`), 'tokenizer.ggml.token_type_count']) {
    const entry = gguf.header.entries.get(field)
    if (!entry) continue
    const changed = Buffer.from(whole)
    changed.writeUInt32LE(changed.readUInt32LE(entry.end - 4) + 1, entry.end - 4)
    writeFileSync(gguf.path, changed)
    if (!(await loads(gguf.path))) byEngine.push(field)
    if (!(await fits(gguf.path))) byHeader.push(field)
  }
  expect(byHeader).toEqual(byEngine)
  expect(byEngine.length).toBeGreaterThan(3)
})
