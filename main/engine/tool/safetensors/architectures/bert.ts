import { bool, float32, uint32 } from '../../../../gguf/encoding.ts'
import { Fields } from '../source/fields.ts'
import type { ModelFolder } from '../source/model-folder.ts'
import { wordPieceTokenizer } from '../tokenizer/word-piece.ts'
import { unusable } from '../unusable.ts'
import type { Converter } from './converter.ts'
import { renaming } from './naming.ts'

/** How the vectors of tokens become one (llama.h, llama_pooling_type). */
const Pooling = { none: 0, mean: 1, cls: 2 } as const

const rename = renaming([
  ['encoder.layers', 'blk'],
  ['encoder.layer', 'blk'],
  ['embeddings.word_embeddings', 'token_embd'],
  ['embeddings.token_type_embeddings', 'token_types'],
  ['embeddings.LayerNorm', 'token_embd_norm'],
  ['embeddings.position_embeddings', 'position_embd'],
  ['attention.self.query', 'attn_q'],
  ['attention.self.key', 'attn_k'],
  ['attention.self.value', 'attn_v'],
  ['attention.output.dense', 'attn_output'],
  ['attention.output.LayerNorm', 'attn_output_norm'],
  ['intermediate.dense', 'ffn_up'],
  ['output.dense', 'ffn_down'],
  ['output.LayerNorm', 'layer_output_norm'],
])

/** BERT, for embeddings, with the modules sentence-transformers puts behind it (upstream convert/convert_bert.go). */
export async function bert(config: Fields, folder: ModelFolder): Promise<Converter> {
  const blocks = config.neededCount('n_layers', 'num_hidden_layers', 'n_layer')
  const { pooling, normalizes } = await readModules(folder)
  return {
    architecture: 'bert',
    metadata: {
      'attention.causal': bool(false),
      pooling_type: uint32(pooling),
      normalize_embeddings: bool(normalizes),
      block_count: uint32(blocks),
      context_length: uint32(config.neededCount('max_position_embeddings', 'n_ctx')),
      embedding_length: uint32(config.neededCount('hidden_size', 'n_embd')),
      feed_forward_length: uint32(config.neededCount('intermediate_size', 'n_inner')),
      'attention.head_count': uint32(config.neededCount('num_attention_heads', 'n_head')),
      'attention.layer_norm_epsilon': float32(
        config.number('layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon') ?? 1e-12,
      ),
      'tokenizer.ggml.token_type_count': uint32(2),
    },
    blocks,
    rename: name => (name === 'embeddings.position_ids' || name.startsWith('pooler.dense.') ? undefined : rename(name)),
    tensors: {
      once: ['token_embd', 'position_embd', 'token_embd_norm'],
      optional: ['token_types'],
      inBlock: [
        ...['attn_q', 'attn_k', 'attn_v', 'attn_output', 'attn_output_norm'],
        ...['ffn_up', 'ffn_down', 'layer_output_norm'],
      ],
    },
    tokenizer: wordPieceTokenizer,
  }
}

/** What modules.json puts behind the model; without that file nobody knows how to pool. */
async function readModules(folder: ModelFolder): Promise<{ pooling: number; normalizes: boolean }> {
  const list = await folder.json('modules.json')
  if (!Array.isArray(list)) throw unusable('parse modules.json: it is not a list')
  const modules = list.map(value => new Fields('modules.json', value))
  const of = (kind: string) => modules.find(module => module.text('type') === `sentence_transformers.models.${kind}`)
  const path = of('Pooling')?.text('path')
  return {
    pooling: path === undefined ? Pooling.none : await readPooling(folder, path),
    normalizes: Boolean(of('Normalize')),
  }
}

async function readPooling(folder: ModelFolder, path: string): Promise<number> {
  const config = await folder.fields(`${path}/config.json`)
  if (config.flag('pooling_mode_mean_tokens')) return Pooling.mean
  return config.flag('pooling_mode_cls_token') ? Pooling.cls : Pooling.none
}
