import type { Field } from '../../unit/gguf/build-gguf.ts'
import { randomFile, type Weight } from './random-model.ts'

/** The sizes of an encoder too small to understand a word; ten of its 1,500 places a window make one of the prompt. */
const [width, wide, mels, stacked] = [32, 64, 128, 10]

/**
 * A projector that hears, in the shape of Ultravox's (Whisper's encoder with a small adapter), with weights that mean
 * nothing: what a model says to what it hears through it is arbitrary, but the same every time.
 * @param textWidth the width of the model it is for
 */
export function hearingProjector(textWidth: number): Buffer {
  const layer = (part: string, ...shape: number[]): Weight => [`a.blk.0.${part}`, shape]
  const weights: Weight[] = [
    ['a.conv1d.1.weight', [3, mels, width], undefined, 'F16'],
    ['a.conv1d.1.bias', [1, width]],
    ['a.conv1d.2.weight', [3, width, width], undefined, 'F16'],
    ['a.conv1d.2.bias', [1, width]],
    ['a.position_embd.weight', [width, 1500]],
    ...['ln1', 'ln2'].flatMap(norm => [layer(`${norm}.weight`, width), layer(`${norm}.bias`, width)]),
    ...['attn_q', 'attn_v', 'attn_out'].flatMap(part => [
      layer(`${part}.weight`, width, width),
      layer(`${part}.bias`, width),
    ]),
    layer('attn_k.weight', width, width),
    layer('ffn_up.weight', width, wide),
    layer('ffn_up.bias', wide),
    layer('ffn_down.weight', wide, width),
    layer('ffn_down.bias', width),
    ['a.post_ln.weight', [width]],
    ['a.post_ln.bias', [width]],
    ['mm.a.norm_pre.weight', [width * stacked]],
    ['mm.a.mlp.1.weight', [width * stacked, 2 * wide]],
    ['mm.a.norm_mid.weight', [wide]],
    ['mm.a.mlp.2.weight', [wide, textWidth]],
  ]
  const fields: Field[] = [
    ['general.architecture', 8, 'clip'],
    ['general.type', 8, 'mmproj'],
    ['clip.has_audio_encoder', 7, true],
    ['clip.projector_type', 8, 'ultravox'],
    ['clip.use_gelu', 7, true],
    ['clip.audio.embedding_length', 4, width],
    ['clip.audio.feed_forward_length', 4, wide],
    ['clip.audio.block_count', 4, 1],
    ['clip.audio.projection_dim', 4, textWidth],
    ['clip.audio.attention.head_count', 4, 2],
    ['clip.audio.attention.layer_norm_epsilon', 6, 1e-5],
    ['clip.audio.num_mel_bins', 4, mels],
    ['clip.audio.projector.stack_factor', 4, stacked],
  ]
  return randomFile(fields, weights)
}
