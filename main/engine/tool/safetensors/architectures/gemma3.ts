import { bools, float32, uint32 } from '../../../../gguf/encoding.ts'
import { Fields } from '../source/fields.ts'
import type { Converter } from './converter.ts'
import { type DecoderSizes, decoderMetadata, keyAndValueLength } from './decoder.ts'
import { gemma2Pairs, gemma2Tensors, withNormsPlusOne } from './gemma.ts'
import { renaming } from './naming.ts'
import { readRopesByLayers, ropeBase, ropeScaling, ropeWarnings } from './rope.ts'
import { ofText, textSection } from './text-alone.ts'

/** Heads by layers, which the files of three sizes leave out (upstream convert/convert_gemma3.go). */
const headsByLayers: Readonly<Record<number, readonly [heads: number, headsKv: number]>> = {
  34: [8, 4],
  48: [16, 8],
  62: [32, 16],
}
const defaults = { max_position_embeddings: 131_072, head_dim: 256 }
const globalBase = 1_000_000
const localBase = 10_000

const rename = renaming(gemma2Pairs)

/**
 * Gemma 3, the model of text; what it sees with, in the larger ones, is left out (upstream convert/convert_gemma3.go).
 * Keys are llama.cpp's where upstream has its own.
 */
export function gemma3(config: Fields): Converter {
  const own = textSection(config)
  const given = Object.fromEntries(own.entries().filter(([, value]) => value !== null))
  const text = new Fields(config.file, { ...defaults, ...given })
  const sizes = gemma3Sizes(text)
  const { full, sliding } = readRopesByLayers(text)
  const window = text.count('sliding_window')
  const cap = text.number('final_logit_softcapping')
  return {
    architecture: 'gemma3',
    metadata: {
      ...decoderMetadata(text, sizes),
      ...keyAndValueLength(sizes.headSize),
      'attention.sliding_window': window === undefined ? undefined : uint32(window),
      'attention.sliding_window_pattern': slidingWindows(text, sizes.blocks),
      final_logit_softcapping: cap === undefined ? undefined : float32(cap),
      ...ropeBase(full, globalBase),
      'rope.freq_base_swa': float32(sliding?.base ?? text.number('rope_local_base_freq') ?? localBase),
      ...ropeScaling(full),
    },
    blocks: sizes.blocks,
    rename: ofText(rename),
    tensors: { ...gemma2Tensors, inBlock: [...gemma2Tensors.inBlock, 'attn_q_norm', 'attn_k_norm'] },
    adapt: withNormsPlusOne,
    cutEmbeddingsAt: text.count('vocab_size') ?? 0,
    warnings: ropeWarnings(full),
  }
}

function gemma3Sizes(text: Fields): DecoderSizes {
  const blocks = text.neededCount('num_hidden_layers')
  const [heads, headsKv] = headsByLayers[blocks] ?? [
    text.neededCount('num_attention_heads'),
    text.neededCount('num_key_value_heads'),
  ]
  const [embedding, headSize] = [text.neededCount('hidden_size'), text.neededCount('head_dim')]
  return { blocks, embedding, heads, headsKv, headSize }
}

/** For each layer whether it looks back a window only; every sixth does not, where nothing is said. */
function slidingWindows(text: Fields, blocks: number) {
  const types = text.texts('layer_types')
  const period = text.count('sliding_window_pattern')
  if (types.length === 0 && period === undefined) return undefined
  const local = (layer: number) =>
    types[layer] === undefined
      ? period !== undefined && (layer + 1) % period !== 0
      : types[layer] === 'sliding_attention'
  return bools(Array.from({ length: blocks }, (_, layer) => local(layer)))
}
