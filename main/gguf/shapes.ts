/** The shapes tensors must have for llama.cpp to load them, by the numbers of their file (llama.cpp, src/models). */

/** What is known of a file, or of one that is going to be. */
export interface Described {
  readonly architecture: string
  /** By whole key; undefined where it is not given, NaN where it is given as something else, a list by layers, say. */
  readonly number: (key: string) => number | undefined
  /** Tokens in its vocabulary; NaN where nobody knows. */
  readonly tokens: number
  /** Shapes with the innermost dimension first, as in GGUF. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

/** Lengths of dimensions by names; NaN stands for any. */
type Shapes = Readonly<Record<string, readonly number[]>>

interface Family {
  readonly once: Shapes
  /** Below `blk.N.`. */
  readonly inBlock: Shapes
}

interface Sizes {
  readonly embedding: number
  /** Elements of the queries, keys and values of all heads. */
  readonly q: number
  readonly k: number
  readonly v: number
  /** Of one head's keys. */
  readonly head: number
  readonly rotated: number
  readonly feedForward: number
  readonly context: number
  readonly tokens: number
  readonly tokenTypes: number
}

/**
 * Why llama.cpp would refuse the shapes of a model's tensors; undefined where it would not, as far as it can be known
 * from here: other architectures, layers of different sizes and experts pass.
 */
export function misfit(file: Described): string | undefined {
  const { architecture, number, tensors } = file
  if (!Object.hasOwn(families, architecture)) return undefined
  const sizes = sizesOf(file)
  const { head, rotated } = sizes
  if (architecture === 'llama' && differ(rotated, head)) {
    return `it rotates ${rotated} dimensions of each attention head, which has ${head}`
  }
  const { once, inBlock } = families[architecture]!(sizes)
  const hasExperts = number(`${architecture}.expert_count`) !== undefined
  for (const { name, shape } of tensors) {
    const [, part] = /^blk\.\d+\.(.+)$/.exec(name) ?? []
    if (hasExperts && part?.startsWith('ffn_')) continue
    const shapes = part === undefined ? once : inBlock
    const wanted = Object.hasOwn(shapes, part ?? name) ? shapes[part ?? name]! : undefined
    if (!wanted || isShape(shape, wanted)) continue
    return `its tensor ${JSON.stringify(name)} is ${byBy(shape)}, and by its settings it would be ${byBy(wanted)}`
  }
  return wrongBlocks(file)
}

/** All nine have this one in each block. */
const inEach = 'attn_output.weight'

function wrongBlocks({ architecture, number, tensors }: Described): string | undefined {
  const blocks = number(`${architecture}.block_count`)
  // Blocks behind the others, for guessing ahead, may lie in another file.
  if (!Number.isFinite(blocks) || number(`${architecture}.nextn_predict_layers`) !== undefined) return undefined
  const there = new Set(tensors.map(({ name }) => /^blk\.(\d+)\.attn_output\.weight$/.exec(name)?.[1]))
  there.delete(undefined)
  const whole = [...there].every(block => Number(block) < blocks!)
  if (whole && there.size === blocks) return undefined
  return `it has ${there.size} blocks with ${inEach}, and by its settings it would have ${blocks}`
}

function sizesOf({ architecture, number, tokens }: Described): Sizes {
  const own = (key: string) => number(`${architecture}.${key}`)
  const embedding = own('embedding_length') ?? Number.NaN
  const heads = own('attention.head_count') || Number.NaN
  const headsKv = own('attention.head_count_kv') ?? heads
  /** Layers that look back a window only may have heads of their own size. */
  const length = (key: string) =>
    own(`attention.${key}_swa`) === undefined ? (own(`attention.${key}`) ?? Math.floor(embedding / heads)) : Number.NaN
  const head = length('key_length')
  return {
    embedding,
    q: head * heads,
    k: head * headsKv,
    v: length('value_length') * headsKv,
    head,
    rotated: own('rope.dimension_count') ?? head,
    feedForward: own('feed_forward_length') ?? Number.NaN,
    context: own('context_length') ?? Number.NaN,
    tokens,
    tokenTypes: number('tokenizer.ggml.token_type_count') ?? Number.NaN,
  }
}

/** What the decoders of text have in common. @param output whether an output matrix of its own is known */
function decoder(sizes: Sizes, output = true): Family {
  const { embedding, q, k, v, feedForward, tokens } = sizes
  const vector = [embedding]
  return {
    once: {
      'token_embd.weight': [embedding, tokens],
      'output_norm.weight': vector,
      ...(output && { 'output.weight': [embedding, tokens] }),
    },
    inBlock: {
      'attn_norm.weight': vector,
      'attn_q.weight': [embedding, q],
      'attn_q.bias': [q],
      'attn_k.weight': [embedding, k],
      'attn_k.bias': [k],
      'attn_v.weight': [embedding, v],
      'attn_v.bias': [v],
      'attn_qkv.weight': [embedding, q + k + v],
      'attn_qkv.bias': [q + k + v],
      [inEach]: [q, embedding],
      'ffn_norm.weight': vector,
      'ffn_gate.weight': [embedding, feedForward],
      'ffn_up.weight': [embedding, feedForward],
      'ffn_down.weight': [feedForward, embedding],
    },
  }
}

/** Queries as wide as the embeddings, and keys as values, whatever is said of heads. */
const plain = (sizes: Sizes): Sizes => ({ ...sizes, q: sizes.embedding, k: sizes.v })

const withBlock = ({ once, inBlock }: Family, more: Shapes): Family => ({ once, inBlock: { ...inBlock, ...more } })
const withOnce = ({ once, inBlock }: Family, more: Shapes): Family => ({ once: { ...once, ...more }, inBlock })

function llama(sizes: Sizes): Family {
  const { embedding, feedForward } = sizes
  return withBlock(decoder(sizes), {
    'attn_output.bias': [embedding],
    'ffn_gate.bias': [feedForward],
    'ffn_up.bias': [feedForward],
    'ffn_down.bias': [embedding],
  })
}

const headNorms = ({ head }: Sizes): Shapes => ({ 'attn_q_norm.weight': [head], 'attn_k_norm.weight': [head] })

const outerNorms = ({ embedding }: Sizes): Shapes => ({
  'post_attention_norm.weight': [embedding],
  'post_ffw_norm.weight': [embedding],
})

function phi3(sizes: Sizes): Family {
  const { embedding, feedForward, rotated } = sizes
  const factors = [Math.floor(rotated / 2)]
  const base = withBlock(decoder(plain(sizes)), { 'ffn_up.weight': [embedding, 2 * feedForward] })
  return withOnce(base, { 'rope_factors_long.weight': factors, 'rope_factors_short.weight': factors })
}

function bert(sizes: Sizes): Family {
  const { embedding, feedForward, context, tokens, tokenTypes } = sizes
  const vector = [embedding]
  return {
    once: {
      'token_embd.weight': [embedding, tokens],
      'position_embd.weight': [embedding, context],
      'token_types.weight': [embedding, tokenTypes],
      'token_embd_norm.weight': vector,
      'token_embd_norm.bias': vector,
    },
    inBlock: {
      ...decoder(plain(sizes)).inBlock,
      'attn_output.bias': vector,
      'attn_output_norm.weight': vector,
      'attn_output_norm.bias': vector,
      'ffn_up.bias': [feedForward],
      'ffn_down.bias': vector,
      'layer_output_norm.weight': vector,
      'layer_output_norm.bias': vector,
    },
  }
}

/** By `general.architecture`. */
const families: Readonly<Record<string, (sizes: Sizes) => Family>> = {
  llama,
  mistral3: llama,
  qwen2: sizes => withOnce(decoder(plain(sizes)), { 'output.bias': [sizes.tokens] }),
  qwen3: sizes => withBlock(decoder({ ...sizes, k: sizes.v }), headNorms(sizes)),
  gemma: sizes => decoder(sizes, false),
  gemma2: sizes => withBlock(decoder(sizes, false), outerNorms(sizes)),
  gemma3: sizes => withBlock(decoder(sizes), { ...outerNorms(sizes), ...headNorms(sizes) }),
  phi3,
  bert,
}

/** Lengths that are not given are 1 (llama.cpp, check_tensor_dims). */
function isShape(shape: readonly number[], wanted: readonly number[]): boolean {
  const dimensions = Math.max(shape.length, wanted.length)
  return Array.from({ length: dimensions }, (_, i) => !differ(shape[i] ?? 1, wanted[i] ?? 1)).every(Boolean)
}

const differ = (a: number, b: number): boolean => a !== b && !Number.isNaN(a) && !Number.isNaN(b)

const byBy = (shape: readonly number[]): string =>
  shape.map(length => (Number.isNaN(length) ? 'any' : length)).join(' by ')
