import { describe, expect, it } from 'vitest'
import { Fields } from '../../../../../main/engine/tool/safetensors/source/fields.ts'
import { ModelFolder } from '../../../../../main/engine/tool/safetensors/source/model-folder.ts'
import { preTokenizer } from '../../../../../main/engine/tool/safetensors/tokenizer/pre-tokenizer.ts'
import { padded, readTokenizer } from '../../../../../main/engine/tool/safetensors/tokenizer/tokenizer.ts'
import { bpeFiles, bpeTokenizer, buildSentencePiece, type Content, writeFolder } from './build-folder.ts'
import { eachInTemporaryFolder } from './temporary-folder.ts'
import { spmFiles, spmTokens } from './tiny-models.ts'

const folder = eachInTemporaryFolder()
const read = (content: Content, embeddings = 1000) =>
  readTokenizer(new ModelFolder(writeFolder(folder.path, content)), embeddings)

// The expressions as the models' own files have them; llama.cpp's llama-vocab.cpp quotes them too.
const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
const tekken =
  '[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const o200k =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated' })
const bytes = (use_regex: boolean) => ({ type: 'ByteLevel', add_prefix_space: false, use_regex })
const sequence = (...pretokenizers: object[]) => ({ type: 'Sequence', pretokenizers })

// Cut by the wrong rule, text becomes tokens the model has never seen in that order: it answers, but worse.
it.each([
  ['llama-bpe', sequence(split(llama3), bytes(false))],
  ['qwen2', sequence(split(llama3.replace('{1,3}', '')), bytes(false))],
  ['tekken', sequence(split(tekken), bytes(false))],
  ['gpt-2', bytes(true)],
  ['gpt-2', { type: 'ByteLevel', add_prefix_space: false }],
  ['smollm', sequence({ type: 'Digits', individual_digits: true }, bytes(true))],
  ['gpt-4o', sequence(split(o200k), bytes(false))],
  [undefined, sequence(split('something new'), bytes(false))],
  ['default', bytes(false)],
  ['default', null],
])('text is cut as %s', (name, pre_tokenizer) => {
  expect(preTokenizer(new Fields('tokenizer.json', { pre_tokenizer }))).toBe(name)
})

describe('a tokenizer.json', () => {
  it('has its tokens by id, the special ones marked, and its merges in one form', async () => {
    const pairs = { ...bpeTokenizer, model: { ...bpeTokenizer.model, merges: [['a', 'b']] } }
    const { vocabulary } = await read({ ...bpeFiles, 'tokenizer.json': pairs })
    expect(vocabulary).toMatchObject({ model: 'gpt2', pre: 'gpt-2', merges: ['a b'] })
    expect(vocabulary.tokens[65]).toEqual({ text: 'A', score: 65, type: 1 })
    expect(vocabulary.tokens[257]).toEqual({ text: '<|end|>', score: 257, type: 3 })
  })

  // Positions are ids: without something in the gap, all that follows would be read as another token.
  it('with a gap in its ids keeps those behind it where they are', async () => {
    const addedTokens = [{ id: 260, content: '<tool>', special: false }]
    const { vocabulary } = await read({ 'tokenizer.json': { ...bpeTokenizer, added_tokens: addedTokens } })
    expect(vocabulary.tokens.slice(256)).toEqual([
      { text: 'ab', score: 256, type: 1 },
      ...[257, 258, 259].map(id => ({ text: `[UNUSED${id}]`, score: id, type: 5 })),
      { text: '<tool>', score: 260, type: 4 },
    ])
  })

  it('with an id beyond all embeddings takes no room for it', async () => {
    const addedTokens = [{ id: 4_000_000_000, content: '<|end|>', special: true }]
    const { vocabulary, special } = await read({
      ...bpeFiles,
      'tokenizer.json': { ...bpeTokenizer, added_tokens: addedTokens },
    })
    expect(vocabulary.tokens).toHaveLength(257)
    expect(special).toEqual([])
  })

  // llama.cpp ends its process over a text that stands twice, once the model is converted and first asked something.
  it('that adds a text a second time gives it the id it has, as Hugging Face does', async () => {
    const addedTokens = [
      { id: 257, content: '<|end|>', special: true },
      { id: 258, content: 'ab', special: true },
      { id: 259, content: '<|end|>', special: true },
      { id: 260, content: '<tool>', special: false },
    ]
    const { vocabulary, special } = await read({
      ...bpeFiles,
      'tokenizer.json': { ...bpeTokenizer, added_tokens: addedTokens },
    })
    expect(vocabulary.tokens.slice(256).map(({ text, type }) => [text, type])).toEqual([
      ['ab', 3],
      ['<|end|>', 3],
      ['[UNUSED258]', 5],
      ['[UNUSED259]', 5],
      ['<tool>', 4],
    ])
    expect(special).toEqual([{ key: 'eos', id: 257, ids: [] }])
  })

  it('is made up to the length of the embeddings with texts that nobody has', async () => {
    const addedTokens = [{ id: 257, content: '[PAD0]', special: false }]
    const { vocabulary } = await read({ 'tokenizer.json': { ...bpeTokenizer, added_tokens: addedTokens } })
    expect(
      padded(vocabulary, 260)
        .tokens.slice(257)
        .map(({ text }) => text),
    ).toEqual(['[PAD0]', '[PAD1]', '[PAD2]'])
  })

  it('goes by tokenizer_config.json and generation_config.json for the parts tokens play', async () => {
    const { special } = await read({
      ...bpeFiles,
      'tokenizer_config.json': {
        bos_token: { content: '<|end|>', lstrip: false },
        eos_token: '<|end|>',
        unk_token: null,
        pad_token: '<|unheard of|>',
        sep_token: 'ab',
        add_bos_token: false,
      },
      'generation_config.json': { eos_token_id: [257, 3], bos_token_id: 257 },
    })
    expect(special).toEqual([
      { key: 'bos', id: 257, ids: [], add: false },
      { key: 'eos', id: 257, ids: [257, 3] },
    ])
  })
})

describe('the chat template', () => {
  const template = async (chat_template: unknown, more: Content = {}) =>
    (await read({ ...bpeFiles, 'tokenizer_config.json': { chat_template }, ...more })).chatTemplate

  it('is a text, the default one of a list, or a file of its own', async () => {
    const jinja = { 'chat_template.jinja': 'from the file' }
    expect(await template('a text', jinja)).toBe('a text')
    const list = [
      { name: 'tool_use', template: 'for tools' },
      { name: 'default', template: 'for all' },
    ]
    expect(await template(list)).toBe('for all')
    expect(await template(list.slice(0, 1))).toBeUndefined()
    expect(await template(null, jinja)).toBe('from the file')
    expect(await template(undefined)).toBeUndefined()
  })
})

describe('a SentencePiece model', () => {
  it('comes before tokenizer.json, with bytes, unknown and control pieces as it has them', async () => {
    const { vocabulary } = await read({ ...bpeFiles, ...spmFiles })
    expect(vocabulary).toMatchObject({ model: 'llama', pre: 'default', merges: [], addSpacePrefix: false })
    expect(vocabulary.tokens.slice(0, 4)).toEqual([
      { text: '<unk>', score: 0, type: 2 },
      { text: '<s>', score: 0, type: 3 },
      { text: '</s>', score: 0, type: 3 },
      { text: '<0x00>', score: 0, type: 6 },
    ])
    // Gemma leaves it unmarked, and it would be spelt out letter by letter.
    expect(vocabulary.tokens[260]).toEqual({ text: '<start_of_turn>', score: -2, type: 3 })
    expect(vocabulary.tokens[261]).toEqual({ text: 'a', score: -8, type: 1 })
  })

  it('leaves the space in front to llama.cpp where it wants one', async () => {
    const model = buildSentencePiece([['<unk>', 0, 2]])
    expect((await read({ 'tokenizer.model': model })).vocabulary.addSpacePrefix).toBeUndefined()
  })

  it('has the tokens added to it behind its own', async () => {
    const { vocabulary } = await read({
      ...spmFiles,
      'special_tokens_map.json': { additional_special_tokens: ['▁a', { content: 'ba' }] },
      'added_tokens.json': { '<two>': spmTokens + 1, '<one>': spmTokens, a: 261 },
    })
    expect(vocabulary.tokens.slice(265)).toEqual([
      { text: 'ba', score: -4, type: 3 },
      { text: '▁a', score: -5, type: 3 },
      { text: '<one>', score: -1000, type: 4 },
      { text: '<two>', score: -1000, type: 4 },
    ])
  })

  // They were made up to [PAD…], and a turn's marker was read letter by letter.
  it('has those that only tokenizer.json adds, at their ids', async () => {
    const addedTokens = [
      { id: 260, content: 'another for a piece', special: true },
      { id: spmTokens, content: '<turn>', special: true },
      { id: spmTokens + 2, content: '<tool>', special: false },
      { id: spmTokens + 3, content: 'ab', special: false },
      { id: spmTokens + 4, content: '<beyond>', special: true },
    ]
    const { vocabulary } = await read(
      { ...spmFiles, 'tokenizer.json': { ...bpeTokenizer, added_tokens: addedTokens } },
      spmTokens + 4,
    )
    expect(vocabulary.tokens[260]!.text).toBe('<start_of_turn>')
    expect(vocabulary.tokens.slice(spmTokens)).toEqual([
      { text: '<turn>', score: -1000, type: 3 },
      { text: `[UNUSED${spmTokens + 1}]`, score: spmTokens + 1, type: 5 },
      { text: '<tool>', score: -1000, type: 4 },
    ])
  })

  // Gemma's end is 1 and its beginning 2, the other way round than llama.cpp takes them to be.
  it('alone is asked for the parts its tokens play', async () => {
    const { special } = await read(spmFiles)
    expect(special.map(({ key, id }) => [key, id])).toEqual([
      ['bos', 1],
      ['eos', 2],
      ['unknown', 0],
    ])
  })
})
