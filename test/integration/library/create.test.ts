import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { detectTemplate } from '../../../main/inference/prompt/known-templates.ts'
import type { CreateProgress, CreateRequest } from '../../../main/library/create-request.ts'
import { Library } from '../../../main/library/library.ts'
import { Problem } from '../../../main/problem.ts'
import { buildGguf, type Field, smallModel } from '../../unit/gguf/build-gguf.ts'
import {
  age,
  blobNames,
  chunks,
  configOfLlama,
  configType,
  eachInTemporaryFolder,
  fixture,
  layerType,
  manifestType,
  putModel,
  sha256,
  snapshot,
} from './ollama-folder.ts'
import { splitFields, splitFixture } from './split-fixture.ts'

const folder = eachInTemporaryFolder()
let library: Library
beforeEach(() => {
  library = new Library({
    modelsFolder: folder.path,
    checkTemplate: text => {
      if (text.includes('{{ bad')) throw new Error('template: :1: function "bad" not defined')
    },
  })
})

const upload = async (bytes: Buffer) => (await library.blobs.write(chunks(bytes))).digest
const digest = (bytes: Buffer | string) => `sha256:${sha256(bytes)}`
const problem = (status: number, message: string, code = 'invalid-request') =>
  expect.objectContaining({ name: 'Problem', code, status, message })
const manifestText = (path: string) => readFileSync(join(folder.path, 'manifests', path), 'utf8')
const manifestOf = (path: string) => JSON.parse(manifestText(path))

async function create(request: CreateRequest): Promise<CreateProgress[]> {
  const statuses: CreateProgress[] = []
  await library.create(request, status => statuses.push(status))
  return statuses
}

const chatFile = fixture('tiny-chat-q8_0.gguf')
const llamaConfig =
  '{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"2.73M","file_type":"Q8_0","architecture":"amd64","os":"linux"}\n'

describe('create from a GGUF file', () => {
  it('writes, byte for byte, what Ollama would', async () => {
    await upload(chatFile)
    const statuses = await create({ model: 'tiny', files: { 'tiny-chat.gguf': digest(chatFile) } })
    expect(statuses).toEqual([
      { status: 'parsing GGUF' },
      {
        status: 'validating GGUF model',
        digest: '0000000000000000000',
        total: chatFile.length,
        completed: chatFile.length,
      },
      { status: 'verifying conversion' },
      { status: `using existing layer ${digest(chatFile)}` },
      { status: 'writing manifest' },
      { status: 'success' },
    ])
    expect(manifestText('registry.ollama.ai/library/tiny/latest')).toBe(
      `{"schemaVersion":2,"mediaType":"${manifestType}","config":{"mediaType":"${configType}","digest":"${digest(llamaConfig)}","size":${llamaConfig.length}},"layers":[{"mediaType":"${layerType('model')}","digest":"${digest(chatFile)}","size":${chatFile.length},"from":"tiny-chat.gguf"}]}\n`,
    )
    expect(snapshot(folder.path)).toEqual({
      [`blobs/sha256-${sha256(chatFile)}`]: sha256(chatFile),
      [`blobs/sha256-${sha256(llamaConfig)}`]: sha256(llamaConfig),
      'manifests/registry.ollama.ai/library/tiny/latest': expect.any(String),
    })
    for (const path of [`blobs/sha256-${sha256(chatFile)}`, 'manifests/registry.ollama.ai/library/tiny/latest']) {
      expect(statSync(join(folder.path, path)).mode & 0o777).toBe(0o644)
    }
  })

  it('writes every text as its own layer, in upstream order and form', async () => {
    await upload(chatFile)
    const texts = {
      template: '{{ .System }} <b>',
      system: 'Say "hi" & <smile>',
      params: '{"num_ctx":4096,"stop":["\\u003c|im_end|\\u003e","b"],"temperature":0.7,"z":null}\n',
      messages: '[{"role":"user","content":"1 \\u003c 2"},{"role":"assistant","content":"yes"}]\n',
    }
    const statuses = await create({
      model: 'mike/full:v1',
      files: { 'm.gguf': digest(chatFile) },
      template: texts.template,
      system: texts.system,
      license: ['MIT', '', 'more'],
      parameters: { temperature: 0.7, stop: ['<|im_end|>', 'b'], num_ctx: 4096, z: null },
      messages: [
        { role: 'user', content: '1 < 2' },
        { role: 'assistant', content: 'yes' },
      ],
      renderer: 'qwen3-coder',
      parser: 'qwen3',
      requires: '0.14.0',
    })
    const config =
      '{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"2.73M","file_type":"Q8_0","renderer":"qwen3-coder","parser":"qwen3","requires":"0.14.0","architecture":"amd64","os":"linux"}\n'
    const layer = (kind: string, text: string) => ({
      mediaType: layerType(kind),
      digest: digest(text),
      size: Buffer.byteLength(text),
    })
    const manifest = manifestOf('registry.ollama.ai/mike/full/v1')
    expect(manifest.config).toEqual({ mediaType: configType, digest: digest(config), size: config.length })
    expect(manifest.layers.slice(1)).toEqual([
      layer('template', texts.template),
      layer('system', texts.system),
      layer('license', 'MIT'),
      layer('license', 'more'),
      layer('params', texts.params),
      layer('messages', texts.messages),
    ])
    expect(statuses.slice(3).map(({ status }) => status)).toEqual([
      `using existing layer ${digest(chatFile)}`,
      ...manifest.layers.slice(1).map((other: { digest: string }) => `creating new layer ${other.digest}`),
      'writing manifest',
      'success',
    ])
    expect(await library.get('MIKE/full:V1')).toMatchObject({
      template: texts.template,
      licenses: ['MIT', 'more'],
      parameters: { stop: ['<|im_end|>', 'b'] },
    })
  })

  it('tells model, projector and adapter apart by what they are, not by their names', async () => {
    const [mmproj, lora] = [fixture('mmproj-tiny.gguf'), fixture('tiny-pirate-lora.gguf')]
    for (const bytes of [chatFile, mmproj, lora]) await upload(bytes)
    await create({
      model: 'vision',
      files: { 'a-is-the-projector': digest(mmproj), 'b.gguf': digest(chatFile), 'c.gguf': digest(lora) },
    })
    expect(
      manifestOf('registry.ollama.ai/library/vision/latest').layers.map(
        ({ mediaType, from }: { mediaType: string; from: string }) => [mediaType, from],
      ),
    ).toEqual([
      [layerType('model'), 'b.gguf'],
      [layerType('projector'), 'a-is-the-projector'],
      [layerType('adapter'), 'c.gguf'],
    ])
    const model = await library.get('vision')
    expect(model.projectorPaths).toEqual([join(folder.path, 'blobs', `sha256-${sha256(mmproj)}`)])
    expect(model.adapterPaths).toEqual([join(folder.path, 'blobs', `sha256-${sha256(lora)}`)])
    expect(model.config).toMatchObject({ model_family: 'llama', model_families: ['llama'], model_type: '2.73M' })
  })

  it('takes an adapter on its own and a draft model', async () => {
    const [lora, draft] = [fixture('tiny-pirate-lora.gguf'), fixture('tiny-chat-f16.gguf')]
    for (const bytes of [chatFile, draft, lora]) await upload(bytes)
    await create({
      model: 'm',
      files: { 'm.gguf': digest(chatFile) },
      adapters: { 'l.gguf': digest(lora) },
      draftFiles: { 'd.gguf': digest(draft) },
    })
    const model = await library.get('m')
    expect(model.adapterPaths).toHaveLength(1)
    expect(model.draftPath).toBe(join(folder.path, 'blobs', `sha256-${sha256(draft)}`))
    expect(model.config).toMatchObject({ file_type: 'Q8_0', draft: { model_format: 'gguf', architecture: 'llama' } })
  })

  it('takes an embedding model', async () => {
    const embed = fixture('tiny-embed.gguf')
    await create({ model: 'e', files: { 'e.gguf': await upload(embed) } })
    expect((await library.get('e')).config).toMatchObject({ model_family: 'bert', file_type: 'F16' })
  })

  // Two texts that are one end the engine's process, once it is first asked something.
  it('refuses a vocabulary in which a text stands twice', async () => {
    const spelt = (text: string) => Buffer.concat([Buffer.from([text.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text)])
    const bytes = Buffer.from(chatFile)
    spelt('A').copy(bytes, bytes.indexOf(spelt('B'), bytes.indexOf('tokenizer.ggml.tokens')))
    await expect(create({ model: 'm', files: { 'm.gguf': await upload(bytes) } })).rejects.toMatchObject({
      code: 'broken-model-file',
      status: 400,
      message: expect.stringMatching(/^m\.gguf: broken model file: its tokens \d+ and \d+ have the same text, "A"$/),
    })
  })

  // GGUFs of before April 2024 do not say it, and llama.cpp then takes GPT-2's rule: all but Llama 3 write worse.
  it('warns of a file that does not say how its tokenizer cuts text', async () => {
    const silent = Buffer.from(chatFile)
    silent.write('x', silent.indexOf('tokenizer.ggml.pre') + 'tokenizer.ggml.pr'.length)
    const told = await create({ model: 'm', files: { 'm.gguf': await upload(silent) } })
    expect(told.filter(({ warning }) => warning)).toEqual([
      { status: expect.stringMatching(/^warning: the tokenizer cuts text/), warning: 'unknown-cut' },
    ])
    expect(
      (await create({ model: 'm', files: { 'm.gguf': await upload(chatFile) } })).filter(line => line.warning),
    ).toEqual([])
  })

  // It was made, and failed when it was asked something.
  it('refuses a model whose weights do not fit its numbers, and says which', async () => {
    const bytes = Buffer.from(chatFile)
    bytes.writeUInt32LE(48, bytes.indexOf('llama.rope.dimension_count') + 'llama.rope.dimension_count'.length + 4)
    const reason = 'm.gguf: broken model file: it rotates 48 dimensions of each attention head, which has 32'
    await expect(create({ model: 'm', files: { 'm.gguf': await upload(bytes) } })).rejects.toMatchObject({
      code: 'broken-model-file',
      status: 400,
      message: reason,
    })
    expect(await library.list()).toEqual([])
  })

  it.each([
    ['gemma4', { renderer: 'gemma4', parser: 'gemma4' }, { stop: ['<turn|>'] }],
    ['laguna', { renderer: 'laguna', parser: 'laguna' }, {}],
    ['nemotron_h_moe', { renderer: 'nemotron-3-nano', parser: 'nemotron-3-nano' }, {}],
  ])('chooses renderer and parser of %s by its architecture', async (architecture, config, parameters) => {
    const file = buildGguf({
      fields: [
        ['general.architecture', 8, architecture],
        [`${architecture}.block_count`, 4, 1],
      ],
    })
    const files = { 'm.gguf': await upload(file) }
    await create({ model: 'm', files })
    expect(await library.get('m')).toMatchObject({ config, parameters })
    await create({ model: 'own', files, parser: 'passthrough', parameters: { stop: ['x'] } })
    expect(await library.get('own')).toMatchObject({
      config: { renderer: config.renderer, parser: 'passthrough' },
      parameters: { stop: ['x'] },
    })
    await create({ model: 'next', from: 'own' })
    expect((await library.get('next')).config).toMatchObject({ parser: 'passthrough' })
  })

  it('takes digests in both forms', async () => {
    await upload(chatFile)
    await create({ model: 'm', files: { 'm.gguf': `sha256-${sha256(chatFile).toUpperCase()}` } })
    expect((await library.get('m')).modelPath).toContain(sha256(chatFile))
  })

  it("gives a model its own template's Go form with the strings that end it, where both do the same", async () => {
    library = new Library({ modelsFolder: folder.path, detectTemplate: async facts => detectTemplate(facts) })
    const chatTemplate =
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}"
    const model = smallModel([['tokenizer.chat_template', 8, chatTemplate]])
    const files = { 'm.gguf': await upload(model) }
    const statuses = await create({ model: 'm', files, parameters: { seed: 7 } })
    expect(statuses.map(({ status }) => status)).toContain('using autodetected template chatml')
    const made = await library.get('m')
    expect(made.template).toContain('<|im_start|>user\n{{ .Prompt }}<|im_end|>')
    expect(made.parameters).toEqual({ stop: ['<|im_start|>', '<|im_end|>'], seed: 7 })

    await create({ model: 'm', files, template: '{{ .Prompt }}' })
    expect((await library.get('m')).template).toBe('{{ .Prompt }}')
  })

  it('gives a projector without a type the one of LLaVA, and keeps its bytes else', async () => {
    const fields: Field[] = [
      ['general.architecture', 8, 'clip'],
      ['clip.has_vision_encoder', 7, true],
      ['clip.vision.image_mean', 9, [6, [0.5, 0.25, 0.125]]],
    ]
    const tensors = [
      { name: 'v.a', shape: [5], type: 0, offset: 0 },
      { name: 'v.b', shape: [3], type: 0, offset: 32 },
    ]
    const data = Buffer.from(Array.from({ length: 44 }, (_, i) => i))
    const old = buildGguf({ fields, tensors, data })
    await upload(chatFile)
    const statuses = await create({ model: 'm', files: { 'm.gguf': digest(chatFile), 'old.gguf': await upload(old) } })
    expect(statuses.map(({ status }) => status)).toContain('updating GGUF projector metadata')
    const [path] = (await library.get('m')).projectorPaths
    const expected = buildGguf({
      fields: [...fields, ['clip.projector_type', 8, 'mlp']],
      tensors,
      // The first tensor's twenty bytes are padded to the alignment, the last one's too.
      data: Buffer.concat([data.subarray(0, 20), Buffer.alloc(12), data.subarray(32), Buffer.alloc(20)]),
    })
    expect(readFileSync(path!)).toEqual(expected)
    // A client may make a second model of the same upload; pruning clears it away later.
    expect(blobNames(folder.path)).toContain(`sha256-${sha256(old)}`)
  })
})

describe('create from another model', () => {
  const base = () =>
    putModel(folder.path, {
      path: 'registry.ollama.ai/library/Base/latest',
      config: { ...configOfLlama, renderer: 'r0', parser: 'p0', capabilities: ['vision'], from_the_future: { a: 1 } },
      layers: [
        ['model', chatFile],
        ['prompt', 'old template'],
        ['system', 'old system'],
        ['license', 'old license'],
        ['params', '{"stop":["a"],"temperature":1,"big":1e21}'],
        ['messages', '[{"role":"user","content":"old"}]'],
        ['tensor', 'some tensor'],
      ],
    })

  it('takes over its layers, named after it', async () => {
    base()
    const statuses = await create({ model: 'copy', from: 'base' })
    const { layers } = manifestOf('registry.ollama.ai/library/copy/latest')
    expect(new Set(layers.map(({ from }: { from: string }) => from))).toEqual(new Set(['Base:latest']))
    expect(statuses.map(({ status }) => status)).toEqual([
      ...layers.map((layer: { digest: string }) => `using existing layer ${layer.digest}`),
      'writing manifest',
      'success',
    ])
    const { parentModel, template, config } = await library.get('copy')
    expect({ parentModel, template }).toEqual({ parentModel: 'Base:latest', template: 'old template' })
    // A field that only a later Ollama knows must not get lost on the way through Hearth.
    expect(config).toMatchObject({
      renderer: 'r0',
      capabilities: ['vision'],
      from_the_future: { a: 1 },
      model_type: '8.0B',
    })
  })

  it('replaces texts, adds licences, lays parameters over', async () => {
    base()
    await create({
      model: 'new',
      from: 'base:latest:local',
      template: 'new template',
      system: 'new system',
      license: 'new license',
      parameters: { temperature: 0, seed: 7 },
      messages: [{ role: 'user', content: 'new' }],
      renderer: 'r1',
    })
    expect(await library.get('new')).toMatchObject({
      template: 'new template',
      system: 'new system',
      licenses: ['old license', 'new license'],
      parameters: { stop: ['a'], temperature: 0, seed: 7, big: 1e21 },
      messages: [{ role: 'user', content: 'new' }],
      config: { renderer: 'r1', parser: 'p0' },
    })
    const kinds = manifestOf('registry.ollama.ai/library/new/latest').layers.map((layer: { mediaType: string }) =>
      layer.mediaType.split('.').at(-1),
    )
    expect(kinds).toEqual(['model', 'license', 'tensor', 'template', 'system', 'license', 'params', 'messages'])
  })

  it('applies info over what the weights say', async () => {
    await upload(chatFile)
    await create({
      model: 'm',
      files: { 'm.gguf': digest(chatFile) },
      info: {
        model_family: 'mine',
        base_name: 'b',
        quantization_level: 'Q9',
        parameter_size: '1B',
        context_length: 99,
        embedding_length: 5,
        capabilities: ['tools'],
        ignored: 1,
      },
    })
    expect((await library.get('m')).config).toEqual({
      model_format: 'gguf',
      model_family: 'mine',
      model_families: ['mine'],
      model_type: '1B',
      file_type: 'Q9',
      capabilities: ['tools'],
      context_length: 99,
      embedding_length: 5,
      base_name: 'b',
      architecture: 'amd64',
      os: 'linux',
    })
  })

  it('builds on itself', async () => {
    base()
    await create({ model: 'base', from: 'base', system: 'newer' })
    expect(await library.list()).toHaveLength(1)
    expect((await library.get('base')).system).toBe('newer')
    // The old system prompt is nobody's any more.
    expect(blobNames(folder.path)).not.toContain(`sha256-${sha256('old system')}`)
  })
})

describe('create over an existing name', () => {
  it('keeps its spelling and clears what only the old one needed', async () => {
    await upload(chatFile)
    await create({ model: 'Foo/Bar', files: { 'm.gguf': digest(chatFile) }, system: 'one' })
    await create({ model: 'foo/bar', files: { 'm.gguf': digest(chatFile) }, system: 'two' })
    expect(Object.keys(snapshot(join(folder.path, 'manifests')))).toEqual(['registry.ollama.ai/Foo/Bar/latest'])
    expect(blobNames(folder.path)).toEqual(
      [chatFile, llamaConfig, 'two'].map(content => `sha256-${sha256(content)}`).sort(),
    )
  })

  it('leaves all blobs alone when pruning is off', async () => {
    library = new Library({ modelsFolder: folder.path, pruning: false })
    await upload(chatFile)
    await create({ model: 'm', files: { 'm.gguf': digest(chatFile) }, system: 'one' })
    await create({ model: 'm', files: { 'm.gguf': digest(chatFile) }, system: 'two' })
    expect(blobNames(folder.path)).toContain(`sha256-${sha256('one')}`)
  })

  it('replaces a broken one', async () => {
    await upload(chatFile)
    await create({ model: 'm', files: { 'm.gguf': digest(chatFile) } })
    writeFileSync(join(folder.path, 'manifests/registry.ollama.ai/library/m/latest'), '{"broken')
    await create({ model: 'm', files: { 'm.gguf': digest(chatFile) } })
    expect((await library.get('m')).config.file_type).toBe('Q8_0')
  })
})

describe('a create that cannot be', () => {
  const missing = `sha256:${'0'.repeat(64)}`
  const f16 = () => ({ 'm.gguf': digest(fixture('tiny-chat-f16.gguf')) })
  const chat = () => ({ 'm.gguf': digest(chatFile) })

  it.each<[string, () => Partial<CreateRequest>, number, string]>([
    ['no source', () => ({}), 400, "neither 'from' or 'files' was specified"],
    ['an empty source', () => ({ from: '' }), 400, "neither 'from' or 'files' was specified"],
    ['a bad base name', () => ({ from: 'a b' }), 400, 'invalid model name'],
    ['no files', () => ({ files: {} }), 400, 'no files provided to convert'],
    ['a bad digest', () => ({ files: { 'm.gguf': 'sha256:abc' } }), 400, 'invalid digest format'],
    ['an empty digest', () => ({ files: { 'm.gguf': '' } }), 400, 'invalid digest format'],
    [
      'a traversing digest',
      () => ({ files: { 'm.gguf': `sha256:../${'0'.repeat(61)}` } }),
      400,
      'invalid digest format',
    ],
    ['a way up', () => ({ files: { '../m.gguf': digest(chatFile) } }), 400, 'file path must be relative'],
    ['an absolute path', () => ({ files: { '/m.gguf': digest(chatFile) } }), 400, 'file path must be relative'],
    ['a drive', () => ({ files: { 'C:/m.gguf': digest(chatFile) } }), 400, 'file path must be relative'],
    ['a backslash', () => ({ files: { '..\\m.gguf': digest(chatFile) } }), 400, 'file path must be relative'],
    [
      'an adapter path',
      () => ({ files: chat(), adapters: { './a': digest(chatFile) } }),
      400,
      'file path must be relative',
    ],
    ['text for weights', () => ({ files: { 'readme.txt': digest('just text') } }), 400, 'unknown type'],
    ['text as GGUF', () => ({ files: { 'm.gguf': digest('just text') } }), 400, 'supplied file was not in GGUF format'],
    [
      'text beside GGUF',
      () => ({ files: { ...chat(), b: digest('just text') } }),
      400,
      'supplied file was not in GGUF format',
    ],
    [
      'two adapters',
      () => ({
        files: chat(),
        adapters: { a: digest(fixture('tiny-pirate-lora.gguf')), b: digest(fixture('tiny-pirate-lora.gguf')) },
      }),
      400,
      'only one adapter is currently supported',
    ],
    [
      'a model as adapter',
      () => ({ files: chat(), adapters: { 'a.gguf': digest(chatFile) } }),
      400,
      '"a.gguf" is no adapter',
    ],
    [
      'only a projector',
      () => ({ files: { p: digest(fixture('mmproj-tiny.gguf')) } }),
      400,
      'the files hold no model, only what goes with one',
    ],
    [
      'two models',
      () => ({ files: { ...chat(), 'n.gguf': digest(fixture('tiny-chat-f16.gguf')) } }),
      400,
      'only one model is supported, the files hold 2: "m.gguf", "n.gguf"',
    ],
    [
      'a bad template',
      () => ({ files: chat(), template: '{{ bad }}' }),
      400,
      'template error: template: :1: function "bad" not defined',
    ],
    [
      'a draft type without draft',
      () => ({ files: chat(), draftQuantize: 'Q8_0' }),
      400,
      '--draft-quantize requires a DRAFT model',
    ],
    [
      'info of the wrong type',
      () => ({ files: chat(), info: { model_family: 7 } }),
      400,
      'info field "model_family" must be a string',
    ],
    [
      'info that is no number',
      () => ({ files: chat(), info: { context_length: '7' } }),
      400,
      'info field "context_length" must be a number',
    ],
    [
      'info below nothing',
      () => ({ files: chat(), info: { context_length: -1 } }),
      400,
      'info field "context_length" must be a non-negative integer',
    ],
    [
      'capabilities of the wrong type',
      () => ({ files: chat(), info: { capabilities: 'tools' } }),
      400,
      'info field "capabilities" must be an array of strings',
    ],
    [
      'capabilities of odd things',
      () => ({ files: chat(), info: { capabilities: ['tools', 1] } }),
      400,
      'info field "capabilities" element 1 must be a string',
    ],
    [
      'an unheard-of type',
      () => ({ files: f16(), quantize: 'q3_x' }),
      500,
      'unsupported quantization type Q3_X - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0',
    ],
    [
      'quantising what is quantised',
      () => ({ files: chat(), quantize: 'Q4_K_M' }),
      500,
      'quantization is only supported for F16, BF16 and F32 models',
    ],
    [
      'quantising to the type of what is quantised',
      () => ({ files: chat(), quantize: 'q8_0' }),
      500,
      'quantization is only supported for F16, BF16 and F32 models',
    ],
    [
      'a quantised draft',
      () => ({ files: chat(), draftFiles: { 'd.gguf': digest(chatFile) }, draftQuantize: 'Q4_K_M' }),
      500,
      'draft quantization requires an unquantized draft model, got Q8_0',
    ],
    ['a cloud base', () => ({ from: 'x:cloud' }), 501, 'Hearth cannot use models of other machines yet'],
  ])('says why and leaves nothing: %s', async (_, request, status, message) => {
    for (const bytes of [
      chatFile,
      fixture('tiny-chat-f16.gguf'),
      fixture('mmproj-tiny.gguf'),
      fixture('tiny-pirate-lora.gguf'),
      Buffer.from('just text'),
    ]) {
      await upload(bytes)
    }
    const before = snapshot(folder.path)
    await expect(create({ model: 'm', system: 'a new text', ...request() })).rejects.toEqual(problem(status, message))
    expect(snapshot(folder.path)).toEqual(before)
  })

  it('names the blob that was never uploaded', async () => {
    await expect(create({ model: 'm', files: { 'm.gguf': missing } })).rejects.toEqual(
      problem(500, `open ${folder.path}/blobs/sha256-${'0'.repeat(64)}: no such file or directory`, 'not-found'),
    )
  })

  // What was made of it could never be read again.
  it.each([40, 9_000])('refuses parameters that are %i levels deep', async depth => {
    await upload(chatFile)
    const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    const request = { model: 'm', files: { 'm.gguf': digest(chatFile) }, parameters: { stop: deep } }
    await expect(create(request)).rejects.toEqual(problem(400, 'parameter "stop" is nested too deeply'))
    expect(await library.list()).toEqual([])
  })

  it('says of a base that neither it nor a registry has that it is not there', async () => {
    await expect(create({ model: 'm', from: 'nope' })).rejects.toEqual(
      problem(404, "model 'nope:latest' not found", 'model-not-found'),
    )
  })

  it.each(['', ' ', 'a b', '../x'])('refuses the name %j', async model => {
    await expect(create({ model, from: 'x' })).rejects.toEqual(problem(400, 'invalid model name'))
  })

  it('does nothing when the weights already have the type asked for', async () => {
    await upload(fixture('tiny-chat-f16.gguf'))
    await create({ model: 'm', files: f16(), quantize: 'f16' })
    expect((await library.get('m')).modelPath).toContain(sha256(fixture('tiny-chat-f16.gguf')))
  })

  it.each([
    ['cut off', () => chatFile.subarray(0, 1_000_000)],
    ['cut off in its header', () => chatFile.subarray(0, 20_000)],
    [
      'lying about its tensors',
      () => Buffer.concat([chatFile.subarray(0, 8), Buffer.alloc(8, 0xff), chatFile.subarray(16)]),
    ],
  ])('says that a file is broken: %s', async (_, bytes) => {
    await expect(create({ model: 'm', files: { 'model.gguf': await upload(bytes()) } })).rejects.toEqual(
      problem(
        400,
        expect.stringMatching(/^model\.gguf: broken model file: /) as unknown as string,
        'broken-model-file',
      ),
    )
  })

  it('ends where it is when it is cancelled, and takes back what it wrote', async () => {
    await upload(chatFile)
    const before = snapshot(folder.path)
    for (const stop of ['parsing GGUF', 'creating new layer', 'writing manifest']) {
      const cancel = new AbortController()
      const running = library.create(
        { model: 'm', files: chat(), system: `cancelled at ${stop}` },
        ({ status }) => {
          if (status.startsWith(stop)) cancel.abort()
        },
        cancel.signal,
      )
      await expect(running).rejects.toMatchObject({ name: 'AbortError' })
      expect(snapshot(folder.path)).toEqual(before)
    }
  })

  it('keeps the old model when a new one of its name fails', async () => {
    await upload(chatFile)
    await create({ model: 'm', files: chat(), system: 'old' })
    const before = snapshot(folder.path)
    await expect(create({ model: 'm', from: 'm', system: 'new', template: '{{ bad' })).rejects.toBeInstanceOf(Problem)
    expect(snapshot(folder.path)).toEqual(before)
    expect((await library.get('m')).system).toBe('old')
  })

  it('does not write through a link that leads out', async () => {
    const outside = join(folder.path, 'outside')
    const { mkdirSync, symlinkSync } = await import('node:fs')
    mkdirSync(outside)
    await upload(chatFile)
    mkdirSync(join(folder.path, 'manifests/registry.ollama.ai'), { recursive: true })
    symlinkSync(outside, join(folder.path, 'manifests/registry.ollama.ai/evil'))
    await expect(create({ model: 'evil/m', files: chat() })).rejects.toThrow('leads out of the models folder')
    expect(existsSync(join(outside, 'm'))).toBe(false)
    expect(snapshot(join(folder.path, 'manifests'))).toEqual({ 'registry.ollama.ai/evil': `-> ${outside}` })
  })
})

// A typo in a template was told after an hour of converting and quantising.
it.each<[string, Partial<CreateRequest>, string]>([
  ['template', { template: '{{ bad }}' }, 'template error: template: :1: function "bad" not defined'],
  ['info', { info: { context_length: '7' } }, 'info field "context_length" must be a number'],
  ['type', { quantize: 'Q4' }, 'unsupported quantization type Q4'],
  [
    'type of the draft',
    { draftFiles: { 'd.gguf': digest('d') }, draftQuantize: 'Q4' },
    'unsupported quantization type',
  ],
])('a wrong %s is told before a file is looked at', async (_, wrong, message) => {
  const statuses: CreateProgress[] = []
  // A file nobody has sent: whoever looks for it says so.
  const request = { model: 'm', files: { 'm.gguf': digest('not there') }, ...wrong }
  await expect(library.create(request, status => statuses.push(status))).rejects.toThrow(message)
  expect(statuses).toEqual([])
  expect(snapshot(folder.path)).toEqual({})
})

it('settings that were sent along with a GGUF are passed over', async () => {
  const settings = { 'config.json': await upload(Buffer.from('{}')), 'tokenizer.model': await upload(Buffer.from('x')) }
  await create({ model: 'm', files: { 'm.gguf': await upload(chatFile), ...settings } })
  expect((await library.get('m')).modelPath).toContain(sha256(chatFile))
})

describe('split GGUF files', () => {
  /** Cuts a small model of three tensors in shards as llama-gguf-split does, the first one with the metadata. */
  const tensors = ['a', 'b', 'c'].map((name, i) => ({ name, bytes: Buffer.alloc(40, i + 1) }))
  const model: Field[] = [
    ['general.architecture', 8, 'mpt'],
    ['general.file_type', 4, 1],
    ['mpt.block_count', 4, 1],
    ['tokenizer.ggml.tokens', 9, [8, ['x', 'y']]],
  ]
  const split = (no: number, count = 3): Field[] => splitFields(no, count, 3)
  const place = (list: typeof tensors) => ({
    tensors: list.map(({ name }, i) => ({ name, shape: [10], type: 0, offset: i * 64 })),
    data: Buffer.concat(list.flatMap(({ bytes }) => [bytes, Buffer.alloc(24)])),
  })
  const shards = [
    buildGguf({ fields: [...model, ...split(0)], ...place([]) }),
    buildGguf({ fields: split(1), ...place(tensors.slice(0, 2)) }),
    buildGguf({ fields: split(2), ...place(tensors.slice(2)) }),
  ]
  const files = async (names: string[], parts = shards) =>
    Object.fromEntries(await Promise.all(names.map(async (name, i) => [name, await upload(parts[i]!)] as const)))
  const shardNames = [1, 2, 3].map(i => `dir/m-0000${i}-of-00003.gguf`)

  it('become the one file they were', async () => {
    const statuses = await create({ model: 'm', files: await files(shardNames) })
    const whole = buildGguf({ fields: model, ...place(tensors) })
    const stored = await library.get('m')
    expect(readFileSync(stored.modelPath!)).toEqual(whole)
    expect(stored.parentModel).toBe(shardNames[0])
    expect(stored.config).toMatchObject({ model_family: 'mpt', model_type: '30', file_type: 'F16' })
    expect(statuses.map(({ status }) => status)).toContain(`creating new layer ${digest(whole)}`)
  })

  // Each tensor would be followed by gigabytes of zeros, first in memory and then on the disk.
  it('that would lie gigabytes apart are refused', async () => {
    const apart: Field = ['general.alignment', 4, 2 ** 30]
    const first = buildGguf({ fields: [...model, apart, ...split(0)], ...place([]), alignment: 32 })
    await expect(create({ model: 'm', files: await files(shardNames, [first, ...shards.slice(1)]) })).rejects.toThrow(
      'its alignment is 1073741824',
    )
  })

  // The fixture, cut in three and put together again, must be the fixture, or the engine reads other weights.
  it('of a real model become that model, byte for byte', async () => {
    await create({ model: 'm', files: await files(shardNames, await splitFixture('tiny-chat-q8_0.gguf', 3)) })
    expect(sha256(readFileSync((await library.get('m')).modelPath!))).toBe(sha256(chatFile))
    expect((await library.get('m')).config.model_type).toBe('2.73M')
  })

  it.each<[string, () => Promise<Record<string, string>>, string]>([
    [
      'one missing',
      () => files(shardNames.slice(0, 2)),
      'split GGUF "dir/m-00001-of-00003.gguf" has 2 shards, expected 3',
    ],
    [
      'a name that is none of a shard',
      () => files(['m.gguf']),
      'split GGUF "m.gguf" must use llama.cpp split filename pattern',
    ],
    [
      'a name with another count',
      () => files(['m-00001-of-00004.gguf']),
      'split GGUF "m-00001-of-00004.gguf" filename count 4 does not match metadata count 3',
    ],
    [
      'names swapped',
      () => files([shardNames[1]!, shardNames[0]!, shardNames[2]!]),
      'split GGUF "dir/m-00001-of-00003.gguf" filename index 0 does not match metadata index 1',
    ],
    [
      'the same tensor twice',
      () => files(shardNames, [shards[0]!, shards[1]!, buildGguf({ fields: split(2), ...place(tensors.slice(0, 1)) })]),
      'split GGUF "dir/m-00003-of-00003.gguf" contains duplicate tensor "a"',
    ],
    [
      'a tensor missing',
      () => files(shardNames, [shards[0]!, shards[1]!, buildGguf({ fields: split(2), ...place([]) })]),
      'split GGUF "dir/m-00001-of-00003.gguf" has 2 tensors, expected 3',
    ],
    [
      'no number',
      () => files(['m-00001-of-00003.gguf'], [buildGguf({ fields: [...model, ['split.count', 2, 3]] })]),
      'split GGUF "m-00001-of-00003.gguf" is missing split.no metadata',
    ],
    [
      'too many',
      () => files(['m-00001-of-02000.gguf'], [buildGguf({ fields: [...model, ...split(0, 2000)] })]),
      'split GGUF "m-00001-of-02000.gguf" has too many shards: 2000',
    ],
    [
      'another architecture',
      () =>
        files(shardNames, [
          shards[0]!,
          buildGguf({ fields: [['general.architecture', 8, 'gemma'], ...split(1)] }),
          shards[2]!,
        ]),
      'split GGUF "dir/m-00002-of-00003.gguf" architecture does not match "dir/m-00001-of-00003.gguf"',
    ],
  ])('are refused with %s', async (_, uploaded, message) => {
    await expect(create({ model: 'm', files: await uploaded() })).rejects.toEqual(problem(400, message))
  })
})

describe('creating at the same time', () => {
  it('the same name many times ends with one whole model', async () => {
    await upload(chatFile)
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        create({ model: i % 2 ? 'Same' : 'same', files: { 'm.gguf': digest(chatFile) }, system: `system ${i}` }),
      ),
    )
    const models = await library.list()
    expect(models).toHaveLength(1)
    // Nothing of the eleven others is left.
    expect(blobNames(folder.path)).toEqual(
      [chatFile, llamaConfig, models[0]!.system!].map(content => `sha256-${sha256(content)}`).sort(),
    )
  })

  // Deleting the only other owner of the weights between upload and manifest made models without weights.
  it('and deleting what shares the weights leaves every model whole', async () => {
    await upload(chatFile)
    await create({ model: 'first', files: { 'm.gguf': digest(chatFile) } })
    for (let round = 0; round < 20; round++) {
      const [made] = await Promise.allSettled([
        create({ model: `m${round}`, files: { 'm.gguf': digest(chatFile) }, system: `s${round}` }),
        library.remove(round === 0 ? 'first' : `m${round - 1}`),
      ])
      expect(made.status).toBe('fulfilled')
      expect(existsSync((await library.get(`m${round}`)).modelPath!)).toBe(true)
    }
    expect(await library.list()).toHaveLength(1)
  })

  it('a blob offered to a client stays until its create, though its last model goes', async () => {
    const small = smallModel()
    await create({ model: 'old', files: { 'm.gguf': await upload(small) } })
    expect(await library.blobs.offer(digest(small))).toBe(true)
    await library.remove('old')
    await create({ model: 'new', files: { 'm.gguf': digest(small) } })
    await library.remove('new')
    expect(blobNames(folder.path)).toEqual([])
  })

  it('and a blob another program has just taken up stays when its last model here goes', async () => {
    const other = new Library({ modelsFolder: folder.path })
    const small = smallModel()
    await create({ model: 'old', files: { 'm.gguf': await upload(small) } })
    await other.blobs.hold([digest(small)])
    await library.remove('old')
    expect(blobNames(folder.path)).toEqual([`sha256-${sha256(small)}`])
    age(join(folder.path, 'blobs', `sha256-${sha256(small)}`), 2)
    rmSync(join(folder.path, 'manifests'), { recursive: true })
    expect((await library.prune()).removed).toHaveLength(1)
  })
})
