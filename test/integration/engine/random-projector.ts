import { buildGguf, type Field, type TensorSpec } from '../../unit/gguf/build-gguf.ts'

const float32 = 0
const float16 = 1

/** The sizes of an encoder too small to understand a word; ten of its 1,500 places a window make one of the prompt. */
const [width, wide, mels, stacked] = [32, 64, 128, 10]

/**
 * A projector that hears, in the shape of Ultravox's (Whisper's encoder with a small adapter), with weights that mean
 * nothing: what a model says to what it hears through it is arbitrary, but the same every time.
 * @param textWidth the width of the model it is for
 */
export function hearingProjector(textWidth: number): Buffer {
  const layer = (part: string, ...shape: number[]) => [`a.blk.0.${part}`, shape, float32] as const
  const weights: (readonly [name: string, shape: readonly number[], type: number])[] = [
    ['a.conv1d.1.weight', [3, mels, width], float16],
    ['a.conv1d.1.bias', [1, width], float32],
    ['a.conv1d.2.weight', [3, width, width], float16],
    ['a.conv1d.2.bias', [1, width], float32],
    ['a.position_embd.weight', [width, 1500], float32],
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
    ['a.post_ln.weight', [width], float32],
    ['a.post_ln.bias', [width], float32],
    ['mm.a.norm_pre.weight', [width * stacked], float32],
    ['mm.a.mlp.1.weight', [width * stacked, 2 * wide], float32],
    ['mm.a.norm_mid.weight', [wide], float32],
    ['mm.a.mlp.2.weight', [wide, textWidth], float32],
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
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return (seed / 2 ** 32 - 0.5) * 0.2
  }
  const tensors: TensorSpec[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const [name, shape, type] of weights) {
    const numbers = Array.from({ length: shape.reduce((size, side) => size * side, 1) }, random)
    const content = type === float16 ? halves(numbers) : Buffer.from(Float32Array.from(numbers).buffer)
    const bytes = Buffer.alloc(Math.ceil(content.length / 32) * 32)
    bytes.set(content)
    tensors.push({ name, shape, type, offset })
    data.push(bytes)
    offset += bytes.length
  }
  return buildGguf({ fields, tensors, data: Buffer.concat(data) })
}

/** Small numbers as 16-bit floats: sign, five bits of exponent, ten of fraction; what is tiny becomes zero. */
function halves(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [index, number] of numbers.entries()) {
    const magnitude = Math.abs(number)
    const exponent = Math.floor(Math.log2(magnitude))
    if (exponent < -14) continue
    const fraction = Math.floor((magnitude / 2 ** exponent - 1) * 1024)
    bytes.writeUInt16LE((number < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction, 2 * index)
  }
  return bytes
}
