import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convertSafetensors } from '../../../../../main/engine/tool/safetensors/convert.ts'
import { readHeader } from '../../../../../main/gguf/header.ts'
import { text } from '../../../../../main/gguf/metadata.ts'
import { Problem } from '../../../../../main/problem.ts'
import { fc } from '../../../../properties.ts'
import {
  type BuiltTensor,
  bpeTokenizer,
  buildSafetensors,
  buildSentencePiece,
  type Content,
  f32,
  writeFolder,
} from './build-folder.ts'
import { eachInTemporaryFolder } from './temporary-folder.ts'
import {
  attention,
  decoder,
  feedForward,
  head,
  folder as modelFolder,
  norms,
  randomTensors,
  spmFiles,
} from './tiny-models.ts'

const folder = eachInTemporaryFolder()
const tensors = randomTensors(decoder({ ...attention, ...feedForward, ...norms }, head))
const whole = modelFolder('LlamaForCausalLM', {}, tensors)
const output = () => join(folder.path, 'converted.gguf')

const convert = (content: Content, hooks: Parameters<typeof convertSafetensors>[1] = {}) =>
  convertSafetensors({ files: writeFolder(folder.path, content), output: output() }, hooks)

const without = (content: Content, ...names: string[]): Content =>
  Object.fromEntries(Object.entries(content).filter(([name]) => !names.includes(name)))
const withTensors = (changed: Record<string, BuiltTensor | undefined>): Content => {
  const all = Object.entries({ ...tensors, ...changed }).filter((entry): entry is [string, BuiltTensor] => !!entry[1])
  return { ...whole, 'model.safetensors': buildSafetensors(Object.fromEntries(all)) }
}
const withConfig = (config: object): Content => ({
  ...whole,
  'config.json': { ...(whole['config.json'] as object), ...config },
})

describe('a folder that cannot be converted', () => {
  const up = 'model.layers.1.mlp.up_proj.weight'
  const mapped = (file: string): Content => ({
    ...without(whole, 'model.safetensors'),
    'model-00001-of-00002.safetensors': whole['model.safetensors']!,
    'model.safetensors.index.json': { weight_map: { a: 'model-00001-of-00002.safetensors', b: file } },
  })

  it.each<[string, Content, string]>([
    ['nothing in it', {}, 'open config.json: no such file or directory'],
    ['no architecture', withConfig({ architectures: [] }), 'unknown architecture'],
    [
      'an architecture nobody knows',
      withConfig({ architectures: ['FooForCausalLM'] }),
      'unsupported architecture "FooForCausalLM"',
    ],
    [
      'an architecture all objects know',
      withConfig({ architectures: ['constructor'] }),
      'unsupported architecture "constructor"',
    ],
    [
      'a config.json that is none',
      { ...whole, 'config.json': '{"architectures":' },
      'parse config.json: Unexpected end of JSON input',
    ],
    [
      'a tokenizer with two texts that are one in a GGUF',
      {
        ...whole,
        'tokenizer.json': {
          ...bpeTokenizer,
          added_tokens: [256, 257].map(id => ({ id, content: `<a>\0${id}`, special: true })),
        },
      },
      'the tokenizer cannot be used: its tokens 256 and 257 have the same text, "<a>"',
    ],
    ['a list for a config.json', { ...whole, 'config.json': [] }, 'parse config.json: it holds no object'],
    [
      'a text for a number',
      withConfig({ hidden_size: '64' }),
      'parse config.json: "hidden_size" is not a whole number',
    ],
    [
      'no number of layers',
      withConfig({ num_hidden_layers: null }),
      'parse config.json: "num_hidden_layers" is missing',
    ],
    ['heads that do not fit', withConfig({ num_attention_heads: 7 }), '7 attention heads cannot share 64 elements'],
    [
      'rows the heads cannot share',
      withConfig({ num_attention_heads: 64 }),
      'tensor blk.0.attn_q.weight has 64 rows, which 64 heads cannot share',
    ],
    [
      'another width than the embeddings have',
      withConfig({ hidden_size: 2 ** 31 }),
      'the weights do not fit config.json: its tensor "token_embd.weight" is 64 by 258, and by its settings it would be 2147483648 by 258',
    ],
    [
      'more layers than tensors',
      withConfig({ num_hidden_layers: 4_000_000_000 }),
      'tensor blk.2.attn_norm.weight is missing',
    ],
    [
      'fewer layers than tensors',
      withConfig({ num_hidden_layers: 1 }),
      'tensor "model.layers.1.self_attn.q_proj.weight" is unknown for llama',
    ],
    ['no weights', without(whole, 'model.safetensors'), 'unknown tensor format'],
    ['weights of torch', { ...without(whole, 'model.safetensors'), 'pytorch_model.bin': 'x' }, 'unknown tensor format'],
    ['no tokenizer', without(whole, 'tokenizer.json'), 'unknown tokenizer format'],
    ['a tensor too few', withTensors({ [up]: undefined }), 'tensor blk.1.ffn_up.weight is missing'],
    [
      'a tensor too many',
      withTensors({ 'model.layers.0.mlp.router.weight': f32([1], [1]) }),
      'tensor "model.layers.0.mlp.router.weight" is unknown for llama',
    ],
    [
      'integers',
      withTensors({ [up]: { type: 'I8', shape: [96, 64], data: new Uint8Array(96 * 64) } }),
      'unknown data type: I8',
    ],
    [
      'a tensor twice',
      { ...mapped('more.safetensors'), 'more.safetensors': buildSafetensors({ [up]: tensors[up]! }) },
      "duplicate tensor name 'blk.1.ffn_up.weight' was found for this model",
    ],
    [
      'a file of the index missing',
      mapped('model-00002-of-00002.safetensors'),
      'model.safetensors.index.json names model-00002-of-00002.safetensors, which is missing',
    ],
    [
      'an index that climbs',
      mapped('../../../../etc/passwd'),
      'model.safetensors.index.json names ../../../../etc/passwd, which is missing',
    ],
    [
      'an index that goes to the root',
      mapped('/etc/passwd'),
      'model.safetensors.index.json names /etc/passwd, which is missing',
    ],
    [
      'an index of numbers',
      { ...whole, 'model.safetensors.index.json': { weight_map: { a: 1 } } },
      'parse model.safetensors.index.json: "a" is not a text',
    ],
    [
      'a shard missing',
      without(mapped('x'), 'model.safetensors.index.json'),
      'model-00001-of-00002.safetensors is one of 2 files, of which 1 are there',
    ],
    [
      'merges of numbers',
      { ...whole, 'tokenizer.json': { ...bpeTokenizer, model: { vocab: {}, merges: [1] } } },
      'could not parse tokenizer merges. expected []string or [][]string',
    ],
    [
      'a token without id',
      { ...whole, 'tokenizer.json': { model: { vocab: { a: 'x' } } } },
      'parse tokenizer.json: token "a" has no id',
    ],
    [
      'a template that is a number',
      { ...whole, 'tokenizer_config.json': { chat_template: 7 } },
      'invalid chat_template: neither a text nor a list of texts',
    ],
    [
      'SentencePiece cut off',
      { ...whole, 'tokenizer.model': buildSentencePiece([['<unk>', 0, 2]]).subarray(0, 9) },
      'parse tokenizer.model: premature EOF',
    ],
    ['SentencePiece of nothing', { ...whole, 'tokenizer.model': '' }, 'parse tokenizer.model: it holds no pieces'],
    [
      'added tokens with a gap',
      { ...whole, ...spmFiles, 'added_tokens.json': { '<new>': 300 } },
      'invalid token id: [300] as pos [267]',
    ],
    [
      'added tokens that contradict',
      { ...whole, ...spmFiles, 'added_tokens.json': { '<new>': 5 } },
      'token mismatch: <new> != <0x02> at pos [5]',
    ],
    [
      'BERT without modules',
      { ...withConfig({ architectures: ['BertModel'] }) },
      'open modules.json: no such file or directory',
    ],
  ])('is refused in words: %s', async (_, content, message) => {
    const refused = expect(convert(content)).rejects
    await refused.toMatchObject({ name: 'Problem', status: 500, message })
    expect(existsSync(output())).toBe(false)
  })
})

describe('the file that is written', () => {
  it('is never one that is there already', async () => {
    writeFileSync(output(), 'precious')
    await expect(convert(whole)).rejects.toMatchObject({ code: 'EEXIST' })
    expect(readFileSync(output(), 'utf8')).toBe('precious')
  })

  it('is gone when the work is cancelled in its middle', async () => {
    const abort = new AbortController()
    let told = 0
    const onProgress = () => {
      if (++told === 5) abort.abort()
    }
    await expect(convert(whole, { onProgress, signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(told).toBe(5)
    expect(existsSync(output())).toBe(false)
  })

  it('is gone when the weights become shorter meanwhile', async () => {
    const onProgress = () => truncateSync(join(folder.path, 'model.safetensors'), 5000)
    await expect(convert(whole, { onProgress })).rejects.toThrow('a file became shorter while it was read')
    expect(existsSync(output())).toBe(false)
  })
})

/**
 * One change to a file's bytes, at a place given as a fraction; most are small, as most others end in the same error.
 */
const change = fc.record({
  kind: fc.constantFrom('byte', 'digit', 'digit', 'cut', 'remove', 'repeat'),
  // Not fc.double: half of all doubles below one are as good as nothing, and so the place would be.
  at: fc.noBias(fc.nat(2 ** 30)).map(place => place / 2 ** 30),
  value: fc.integer({ min: 0, max: 255 }),
})

function changed(bytes: Buffer, { kind, at, value }: { kind: string; at: number; value: number }): Buffer {
  const place = Math.floor(at * bytes.length)
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
  if (kind === 'cut') return before
  if (kind === 'remove') return Buffer.concat([before, after.subarray(1 + (value % 64))])
  if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, place + value), after])
  // JSON's numbers are the lies that hurt: one more digit and a count is ten times what it was.
  if (kind === 'digit') return Buffer.concat([before, Buffer.from(String(value % 10)), after])
  const copy = Buffer.from(bytes)
  if (place < copy.length) copy[place] = value
  return copy
}

// Every such file comes from a stranger.
describe('a folder with anything wrong in it', () => {
  const contents: readonly [string, Content, number][] = [
    ['model.safetensors', whole, 3000],
    ['config.json', whole, 400],
    ['tokenizer.json', whole, 6000],
    ['tokenizer_config.json', whole, 200],
    ['tokenizer.model', { ...whole, ...spmFiles }, 6000],
  ]
  it.each(contents)('is converted or refused, never more: %s', async (name, content, headBytes) => {
    const files = writeFolder(folder.path, content)
    const original = readFileSync(files[name]!)
    let refused = 0
    let peak = 0
    const runs = 250
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async changes => {
        const first = changes.reduce((bytes: Buffer, one) => changed(bytes, one), original.subarray(0, headBytes))
        writeFileSync(files[name]!, Buffer.concat([first, original.subarray(headBytes)]))
        const path = join(folder.path, 'fuzzed.gguf')
        const before = process.memoryUsage().arrayBuffers
        try {
          await convertSafetensors(
            { files, output: path },
            {
              onProgress: () => {
                peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
              },
            },
          )
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          expect(error.message).toMatch(/^.{10}/)
          refused++
        }
        rmSync(path, { force: true })
      }),
      { numRuns: runs },
    )
    // Some changes must have mattered and some must not, or the test tests nothing.
    expect(refused).toBeGreaterThan(10)
    expect(refused).toBeLessThan(runs)
    expect(peak).toBeLessThan(32 * 2 ** 20)
  })
})

// What is not told in the file is gone: a model trained for long texts wrote nonsense at their end, and nobody knew
// why.
describe('a model that is stretched over longer texts', () => {
  it.each([
    ['linear', 'linear', []],
    ['yarn', 'yarn', []],
    ['llama3', undefined, []],
    ['dynamic', undefined, ['unknown-stretch']],
  ])('by %s is told so, or is warned of', async (type, told, warnings) => {
    const ropeScaling = { rope_type: type, factor: 4, original_max_position_embeddings: 64 }
    expect((await convert(withConfig({ rope_scaling: ropeScaling }))).warnings).toEqual(warnings)
    expect(text(await readHeader(output()), 'llama.rope.scaling.type')).toBe(told)
    rmSync(output())
  })
})
