import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHeader } from '../../../../main/gguf/header.ts'
import { GgufFiles } from '../../../../main/library/gguf/gguf-files.ts'
import { lacksCut } from '../../../../main/library/gguf/vocabulary.ts'
import { buildGguf, type Field, smallModel } from '../../gguf/build-gguf.ts'

const fixtures = 'test/fixtures/models'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-gguf-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function facts(bytes: Buffer) {
  const path = join(folder, 'model.gguf')
  await writeFile(path, bytes)
  return new GgufFiles().facts(path)
}

describe('facts', () => {
  it('are those of the chat fixture', async () => {
    const chat = await new GgufFiles().facts(`${fixtures}/tiny-chat-q8_0.gguf`)
    expect({ ...chat, chatTemplate: chat.chatTemplate?.slice(0, 13) }).toEqual({
      architecture: 'llama',
      contextLength: 2048,
      embeddingLength: 192,
      chatTemplate: '{%- if tools ',
      bosToken: '<|endoftext|>',
      eosToken: '<|im_end|>',
      addsBos: false,
      fileType: 'Q8_0',
      forOllama: false,
      parameterCount: 2_730_048,
      activeBytes: 2_632_704,
      kind: 'model',
      pooling: false,
      vision: false,
      audio: false,
    })
  })

  it('are those of the embedding fixture, which has no template and says nothing of BOS', async () => {
    expect(await new GgufFiles().facts(`${fixtures}/tiny-embed.gguf`)).toMatchObject({
      architecture: 'bert',
      bosToken: '[CLS]',
      eosToken: '[SEP]',
      addsBos: true,
      fileType: 'F16',
      kind: 'model',
      pooling: true,
    })
  })

  it('tell projector and adapter from a model', async () => {
    const files = new GgufFiles()
    expect(await files.facts(`${fixtures}/mmproj-tiny.gguf`)).toMatchObject({ kind: 'projector', vision: true })
    expect(await files.facts(`${fixtures}/tiny-pirate-lora.gguf`)).toMatchObject({ kind: 'adapter', vision: false })
  })

  // Old projectors carry no general.type; taken for a model, they would replace the weights.
  it.each<[string, string, Field[]]>([
    ['projector', 'clip', [['clip.has_vision_encoder', 7, true]]],
    ['projector', 'clip', [['clip.has_audio_encoder', 7, true]]],
    ['projector', 'siglip', [['siglip.vision.block_count', 4, 4]]],
    [
      'projector',
      'llama',
      [
        ['general.type', 8, 'projector'],
        ['llama.block_count', 4, 1],
      ],
    ],
    [
      'adapter',
      'llama',
      [
        ['general.type', 8, 'adapter'],
        ['llama.block_count', 4, 1],
      ],
    ],
    [
      'model',
      'gemma3',
      [
        ['gemma3.block_count', 4, 1],
        ['gemma3.vision.block_count', 4, 4],
      ],
    ],
    ['model', 'clip', [['clip.has_vision_encoder', 7, false]]],
    ['model', 'llama', []],
  ])('see a %s of architecture %s', async (kind, architecture, fields) => {
    expect((await facts(buildGguf({ fields: [['general.architecture', 8, architecture], ...fields] }))).kind).toBe(kind)
  })

  // Early files of Llama 3 would be read with the wrong pieces of words, and without the token they begin with.
  it('tell how Llama 3 splits its text where the file forgot to', async () => {
    const words = Array.from({ length: 128_010 }, () => '')
    const [role, turnEnd] = ['<|start_header_id|>', '<|eot_id|>']
    const of = (first: string, last: string, ...more: Field[]) => {
      const tokens: Field = ['tokenizer.ggml.tokens', 9, [8, words.with(128_006, first).with(128_009, last)]]
      const said: Field[] = [
        ['general.architecture', 8, 'llama'],
        ['tokenizer.ggml.model', 8, 'gpt2'],
      ]
      return facts(buildGguf({ fields: [...said, tokens, ...more] }))
    }
    const forgotten = { preTokenizer: 'llama-bpe', addsBos: true }
    const template: Field = ['tokenizer.chat_template', 8, `{{ content }}${turnEnd}`]
    expect(await of(role, turnEnd)).toMatchObject(forgotten)
    expect(await of(role, turnEnd, ['tokenizer.ggml.pre', 8, 'default'])).toMatchObject(forgotten)
    expect(await of('another', turnEnd, template)).toMatchObject(forgotten)
    expect(await of(role, turnEnd, ['tokenizer.ggml.pre', 8, 'smaug-bpe'])).not.toHaveProperty('preTokenizer')
    expect(await of('another', turnEnd)).not.toHaveProperty('preTokenizer')
    expect(await of(role, 'another', template)).not.toHaveProperty('preTokenizer')
    // A person was warned of a cut that is known.
    const path = join(folder, 'model.gguf')
    const lacks = async () => lacksCut({ path, header: await readHeader(path) })
    expect(await lacks()).toBe(true)
    await of(role, turnEnd)
    expect(await lacks()).toBe(false)
  })

  it('survive metadata of the wrong type', async () => {
    const odd = await facts(
      buildGguf({
        fields: [
          ['general.architecture', 4, 7],
          ['general.file_type', 8, 'Q8_0'],
          ['unknown.context_length', 6, 1.5],
          ['unknown.embedding_length', 5, -1],
          ['tokenizer.ggml.tokens', 9, [4, [1, 2]]],
          ['tokenizer.ggml.bos_token_id', 4, 1],
          ['tokenizer.ggml.eos_token_id', 4, 2],
          ['tokenizer.chat_template', 9, [8, ['x']]],
          ['tokenizer.ggml.add_bos_token', 4, 1],
        ],
      }),
    )
    expect(odd).toEqual({
      architecture: 'unknown',
      contextLength: 0,
      embeddingLength: 0,
      addsBos: false,
      fileType: 'unknown',
      forOllama: false,
      parameterCount: 0,
      activeBytes: 0,
      kind: 'model',
      pooling: false,
      vision: false,
      audio: false,
    })
  })

  it.each<[boolean, Field[]]>([
    [true, [['tokenizer.ggml.model', 8, 'llama']]],
    [false, [['tokenizer.ggml.model', 8, 'gpt2']]],
    [
      true,
      [
        ['tokenizer.ggml.model', 8, 'gpt2'],
        ['tokenizer.ggml.pre', 8, 'llama-bpe'],
      ],
    ],
    [
      false,
      [
        ['tokenizer.ggml.model', 8, 'llama'],
        ['tokenizer.ggml.add_bos_token', 7, false],
      ],
    ],
    [false, [['tokenizer.ggml.model', 8, 't5']]],
    // llama.cpp overrides what early files of Gemma 4 say.
    [
      true,
      [
        ['tokenizer.ggml.model', 8, 'gemma4'],
        ['tokenizer.ggml.add_bos_token', 7, false],
      ],
    ],
  ])('know whether BOS is added: %s', async (adds, fields) => {
    expect((await facts(smallModel(fields))).addsBos).toBe(adds)
  })
})

describe('metadata', () => {
  const bytes = smallModel([
    ['general.name', 8, 'secret'],
    ['tokenizer.chat_template', 8, '{{ x }}'],
    ['llama.rope.freq_base', 6, 1e-5],
    ['a.empty', 9, [4, []]],
    ['z.large', 10, 2n ** 60n],
  ])

  it('leaves arrays out unless asked, and the two keys /api/show never has', async () => {
    const path = join(folder, 'm.gguf')
    await writeFile(path, bytes)
    const files = new GgufFiles()
    const brief = await files.metadata(path)
    expect(brief).toEqual({
      'a.empty': [],
      'general.architecture': 'llama',
      'general.file_type': 1,
      'general.parameter_count': 64,
      'llama.block_count': 1,
      'llama.context_length': 128,
      'llama.embedding_length': 8,
      'llama.rope.freq_base': 1e-5,
      'tokenizer.ggml.bos_token_id': 2,
      'tokenizer.ggml.eos_token_id': 3,
      'tokenizer.ggml.tokens': null,
      'z.large': 2n ** 60n,
    })
    expect(Object.keys(brief)).toEqual(Object.keys(brief).sort())
    expect((await files.metadata(path, { arrays: true }))['tokenizer.ggml.tokens']).toEqual(['a', 'b', '<s>', '</s>'])
  })

  it('lists tensors by their ggml names', async () => {
    const tensors = await new GgufFiles().tensors(`${fixtures}/tiny-chat-q8_0.gguf`)
    expect(tensors).toHaveLength(48)
    expect(tensors.find(tensor => tensor.name === 'token_embd.weight')).toEqual({
      name: 'token_embd.weight',
      type: 'Q8_0',
      shape: [192, 1344],
    })
  })
})

describe('the cache', () => {
  it('reads a file again once it changed, even to the same size and the same second', async () => {
    const path = join(folder, 'm.gguf')
    const files = new GgufFiles()
    await writeFile(path, smallModel([['x', 4, 1]]))
    expect((await files.metadata(path)).x).toBe(1)
    await writeFile(path, smallModel([['x', 4, 2]]))
    await utimes(path, new Date(), new Date(Date.now() + 1))
    expect((await files.metadata(path)).x).toBe(2)
  })

  it('reads an unchanged file once', async () => {
    const path = join(folder, 'm.gguf')
    const files = new GgufFiles()
    await writeFile(path, smallModel())
    const [first, second] = await Promise.all([files.facts(path), files.facts(path)])
    expect(second).toBe(first)
    expect(await files.facts(path)).toBe(first)
  })

  it('does not keep a failure: a file made whole is read', async () => {
    const path = join(folder, 'm.gguf')
    const files = new GgufFiles()
    const at = new Date()
    await writeFile(path, Buffer.alloc(smallModel().length))
    await utimes(path, at, at)
    await expect(files.facts(path)).rejects.toThrow('not a GGUF file')
    await writeFile(path, smallModel())
    await utimes(path, at, at)
    expect((await files.facts(path)).architecture).toBe('llama')
  })
})
