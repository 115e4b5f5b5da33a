import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readHeader } from '../../../main/gguf/header.ts'
import { text } from '../../../main/gguf/metadata.ts'
import type { CreateProgress, CreateRequest } from '../../../main/library/create-request.ts'
import { Library } from '../../../main/library/library.ts'
import { buildSafetensors, f32, readSafetensors } from '../../unit/engine/tool/safetensors/build-folder.ts'
import { startHearth, type TestHearth } from '../hearth.ts'
import { blobNames, chunks, fixture, fixtures, snapshot } from './ollama-folder.ts'

let hearth: TestHearth
let library: Library
let folder: Record<string, string>
beforeAll(async () => {
  hearth = await startHearth()
  library = hearth.hearth.library
  folder = {}
  for (const name of readdirSync(join(fixtures, 'tiny-chat-hf'))) {
    folder[name] = await upload(readFileSync(join(fixtures, 'tiny-chat-hf', name)))
  }
})
afterAll(() => hearth.end())

const upload = async (content: Buffer | object) =>
  (await library.blobs.write(chunks(Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))))).digest

async function create(request: CreateRequest, signal?: AbortSignal): Promise<CreateProgress[]> {
  const told: CreateProgress[] = []
  await library.create(request, progress => told.push(progress), signal)
  return told
}

const steps = (told: readonly CreateProgress[]) => [...new Set(told.map(({ status }) => status))]

async function ask(model: string): Promise<string> {
  const body = JSON.stringify({ model, prompt: 'What is the capital of France?', think: false, stream: false })
  const answer = await hearth.hearth.fetch(new Request('http://127.0.0.1/api/generate', { method: 'POST', body }))
  return ((await answer.json()) as { response: string }).response
}

describe('create from safetensors', () => {
  it('makes a model that answers, and says what upstream says', async () => {
    const told = await create({ model: 'st', files: folder })
    const { config, modelPath, parentModel } = await library.get('st')
    expect(config).toMatchObject({ model_format: 'gguf', model_family: 'llama', file_type: 'F16', model_type: '2.73M' })
    expect(parentModel).toBe('')
    expect(steps(told)).toEqual([
      'converting model',
      'validating GGUF model',
      'verifying conversion',
      `creating new layer sha256:${modelPath!.slice(-64)}`,
      'writing manifest',
      'success',
    ])
    expect(told[0]).toEqual({ status: 'converting model' })
    expect(await ask('st')).toContain('Paris')
  })

  // It became "default" without a word: the model reads text in pieces it never saw, and is thought to be a bad one.
  it('says that a tokenizer cuts text in a way nobody knows', async () => {
    const tokenizer = JSON.parse(readFileSync(join(fixtures, 'tiny-chat-hf', 'tokenizer.json'), 'utf8'))
    const preTokenizer = { type: 'Split', pattern: { Regex: 'something new' }, behavior: 'Isolated' }
    const files = { ...folder, 'tokenizer.json': await upload({ ...tokenizer, pre_tokenizer: preTokenizer }) }
    const said = steps(await create({ model: 'odd', files })).filter(status => status.startsWith('warning: '))
    expect(said).toEqual([expect.stringContaining('the tokenizer cuts text in a way that is unknown here')])
    await library.remove('odd')
  })

  it('quantises what it converted, and keeps nothing of the way there', async () => {
    await library.remove('st')
    const before = blobNames(hearth.models)
    const told = await create({ model: 'st', files: folder, quantize: 'Q8_0' })
    expect(steps(told).slice(0, 3)).toEqual([
      'converting model',
      'quantizing F16 model to Q8_0',
      'verifying conversion',
    ])
    expect((await library.get('st')).config.file_type).toBe('Q8_0')
    expect(await ask('st')).toContain('Paris')
    // Its config is the demo model's, too; the F16 model between was only a step.
    expect(blobNames(hearth.models)).toHaveLength(before.length + 1)
  })

  it('converts an adapter for the base it is put on', async () => {
    await create({ model: 'base', files: { 'm.gguf': await upload(fixture('tiny-chat-f16.gguf')) } })
    const factor = (shape: number[]) =>
      f32(
        shape,
        Array.from({ length: 4 * 192 }, (_, i) => (i % 7) / 64),
      )
    const name = 'base_model.model.model.layers.0.self_attn.v_proj'
    const adapters = {
      'adapter_config.json': await upload({ r: 4, lora_alpha: 8, target_modules: ['v_proj'] }),
      'adapter_model.safetensors': await upload(
        buildSafetensors({ [`${name}.lora_A.weight`]: factor([4, 192]), [`${name}.lora_B.weight`]: factor([192, 4]) }),
      ),
    }
    const told = await create({ model: 'tuned', from: 'base', adapters })
    expect(steps(told)[0]).toBe('converting adapter')
    const { adapterPaths } = await library.get('tuned')
    expect(text(await readHeader(adapterPaths[0]!), 'general.type')).toBe('adapter')
    expect(await ask('tuned')).not.toBe('')

    await expect(create({ model: 'm', files: adapters })).rejects.toMatchObject({ status: 400 })
    const wrong = { ...adapters, 'adapter_model.safetensors': folder['config.json']! }
    await expect(create({ model: 'm', from: 'base', adapters: wrong })).rejects.toMatchObject({ status: 400 })
    // A whole model's folder of a kind nobody knows, given as an adapter.
    const other = { ...folder, 'config.json': await upload({ architectures: ['X'] }) }
    await expect(create({ model: 'm', from: 'base', adapters: other })).rejects.toMatchObject({ status: 400 })
  })

  // What was trained in eight bits gains nothing by sixteen; upstream keeps it as Q8_0 unless told otherwise.
  it('makes Q8_0 of a model in FP8, and what is asked for where something is', async () => {
    const size = [512, 192] as const
    const fp8 = { type: 'F8_E4M3', shape: size, data: new Uint8Array(size[0] * size[1]).fill(0x18) }
    const name = 'model.layers.0.mlp.up_proj.weight'
    const { [name]: replaced, ...others } = readSafetensors(join(fixtures, 'tiny-chat-hf', 'model.safetensors'))
    expect(replaced!.shape).toEqual(size)
    const scales = { [`${name}_scale_inv`]: f32([4, 2], new Array(8).fill(1)) }
    const config = JSON.parse(readFileSync(join(fixtures, 'tiny-chat-hf', 'config.json'), 'utf8'))
    const quantizationConfig = { quant_method: 'fp8', weight_block_size: [128, 128] }
    const files = {
      ...folder,
      'model.safetensors': await upload(buildSafetensors({ ...others, [name]: fp8, ...scales })),
      'config.json': await upload({ ...config, quantization_config: quantizationConfig }),
    }
    await create({ model: 'eight', files })
    expect((await library.get('eight')).config.file_type).toBe('Q8_0')
    expect(await ask('eight')).not.toBe('')
    await create({ model: 'sixteen', files, quantize: 'F16' })
    expect((await library.get('sixteen')).config.file_type).toBe('F16')
  })

  it.each<[string, () => Promise<Record<string, string>>, number, RegExp]>([
    [
      'an unknown architecture',
      async () => ({ ...folder, 'config.json': await upload({ architectures: ['X'] }) }),
      500,
      /^unsupported architecture "X"$/,
    ],
    [
      'no vocabulary',
      async () => omit(folder, 'tokenizer.json', 'vocab.json', 'merges.txt'),
      500,
      /^unknown tokenizer format$/,
    ],
    ['weights that are none', async () => ({ ...folder, 'model.safetensors': folder['config.json']! }), 500, /./],
    [
      'a blob nobody uploaded',
      async () => ({ ...folder, 'x.json': `sha256:${'1'.repeat(64)}` }),
      500,
      /^open .*: no such file or directory$/,
    ],
  ])('says why and leaves nothing: %s', async (_, files, status, message) => {
    const bad = await files()
    const before = snapshot(hearth.models)
    await expect(create({ model: 'm', files: bad })).rejects.toMatchObject({
      status,
      message: expect.stringMatching(message),
    })
    expect(snapshot(hearth.models)).toEqual(before)
  })

  it('ends with the client that asked, and leaves nothing', async () => {
    const before = snapshot(hearth.models)
    const cancel = new AbortController()
    const body = JSON.stringify({ model: 'gone', files: folder, quantize: 'Q4_K_M' })
    const request = new Request('http://127.0.0.1/api/create', { method: 'POST', body, signal: cancel.signal })
    const answer = await hearth.hearth.fetch(request)
    const reader = answer.body!.getReader()
    for (let seen = ''; !seen.includes('"completed"'); ) seen += Buffer.from((await reader.read()).value!).toString()
    cancel.abort()
    await expect.poll(() => snapshot(hearth.models)).toEqual(before)
  })
})

function omit(files: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)))
}

describe('create from a model that is not here', () => {
  const second = () => join(hearth.home, 'second')
  afterEach(() => rm(second(), { recursive: true, force: true }))

  /** A library whose registry is the other library's folder. */
  function withRegistry(asked: string[]): Library {
    const here: Library = new Library({
      modelsFolder: second(),
      pull: async (model, tell) => {
        asked.push(model)
        tell({ status: 'pulling manifest' })
        const there = await library.manifest((await library.get('base')).name)
        for (const name of blobNames(hearth.models)) {
          await here.blobs.write(chunks(readFileSync(join(hearth.models, 'blobs', name))))
        }
        await here.install((await library.get('base')).name, there!.bytes)
        tell({ status: 'success' })
      },
    })
    return here
  }

  // A pull under the name that the create already holds would wait for itself.
  it.each(['built', 'base'])('pulls it first, also where the new model takes its name: %s', async model => {
    const asked: string[] = []
    const here = withRegistry(asked)
    const told: string[] = []
    await here.create({ model, from: 'base', system: 'Be brief.' }, ({ status }) => told.push(status))
    expect(asked).toEqual(['registry.ollama.ai/library/base:latest'])
    expect([told[0], told[1], told.at(-1)]).toEqual(['pulling manifest', 'success', 'success'])
    expect((await here.get(model)).system).toBe('Be brief.')
    await here.create({ model: 'other', from: 'base' })
    expect(asked).toHaveLength(1)
  })
})
