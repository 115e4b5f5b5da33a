import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, createApi } from '../../../main/api/app.ts'
import { Bodies } from '../../../main/api/bodies/bodies.ts'
import type { RunningModel } from '../../../main/inference/requests.ts'
import { Library } from '../../../main/library/library.ts'
import { Registry } from '../../../main/library/registry/registry.ts'
import { ScriptedInference, telling } from './scripted.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/models')
const chatModel = join(fixtures, 'tiny-chat-q8_0.gguf')
const json = 'application/json; charset=utf-8'

let folder: string
let library: Library
let registry: Registry
let api: Api
let running: RunningModel[] = []
let chatBytes: Buffer
let chatDigest: string

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-api-'))
  library = new Library({ modelsFolder: folder })
  registry = new Registry({ library, userHome: folder, hashWorker: '', receiveWorker: '', version: '0.0.0' })
  const inference = new ScriptedInference(telling())
  inference.running = () => running as []
  api = createApi({ library, registry, inference, bodies: new Bodies(), version: '0.0.0' })
  chatBytes = await readFile(chatModel)
  chatDigest = digestOf(chatBytes)
})
beforeEach(() => {
  running = []
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Answer {
  status: number
  type: string | null
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  body: any
}

const call = async (
  method: string,
  path: string,
  body?: object | string | Uint8Array,
  headers = {},
): Promise<Answer> => {
  const sent =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const response = await api.fetch(new Request(`http://localhost${path}`, { method, body: sent as string, headers }))
  const text = await response.text()
  const type = response.headers.get('content-type')
  return {
    status: response.status,
    type,
    text,
    body: text !== '' && type?.startsWith('application/json') ? JSON.parse(text) : undefined,
  }
}
const error = async (...args: Parameters<typeof call>) => {
  const { status, type, body } = await call(...args)
  return { status, type, error: body.error }
}

describe('an empty store', () => {
  test('lists nothing, as a list', async () => {
    expect(await call('GET', '/api/tags')).toMatchObject({ status: 200, type: json, text: '{"models":[]}' })
    expect(await call('GET', '/api/ps')).toMatchObject({ status: 200, type: json, text: '{"models":[]}' })
    expect(await call('GET', '/v1/models')).toMatchObject({ status: 200, text: '{"object":"list","data":null}\n' })
    expect((await call('HEAD', '/api/tags')).status).toBe(200)
    expect((await call('HEAD', '/api/ps')).status).toBe(405)
  })

  test.each([
    ['POST', '/api/show', {}, 400, 'model is required'],
    ['POST', '/api/show', { model: 'a b' }, 400, 'invalid model name'],
    ['POST', '/api/show', { model: 'Foo' }, 404, "model 'Foo:latest' not found"],
    ['POST', '/api/show', { name: 'mike/foo:7b' }, 404, "model 'mike/foo:7b' not found"],
    ['POST', '/api/show', { model: 'm:cloud' }, 403, 'ollama cloud is disabled: remote model details are unavailable'],
    ['POST', '/api/show', { model: 'm:cloud:local' }, 400, 'use either :local or :cloud, not both: "m:cloud:local"'],
    ['DELETE', '/api/delete', {}, 400, 'model is required'],
    ['DELETE', '/api/delete', { model: 'a b' }, 400, 'name "a b" is invalid'],
    ['DELETE', '/api/delete', { name: 'Foo' }, 404, "model 'Foo' not found"],
    ['POST', '/api/copy', {}, 400, 'source "" is invalid'],
    ['POST', '/api/copy', { source: 'a', destination: '../b' }, 400, 'destination "../b" is invalid'],
    ['POST', '/api/copy', { source: 'Foo', destination: 'b' }, 404, 'model "Foo" not found'],
    ['POST', '/api/create', {}, 400, 'invalid model name'],
    ['POST', '/api/create', { model: 'a b' }, 400, 'invalid model name'],
    [
      'POST',
      '/api/create',
      { model: 'a', files: { '/etc/passwd': `sha256:${'0'.repeat(64)}` } },
      400,
      'file path must be relative',
    ],
    ['POST', '/api/create', { model: 'a', files: { 'a.gguf': '' } }, 400, 'invalid digest format'],
    ['POST', '/api/create', { model: 'a', draft_quantize: 'q8_0' }, 400, '--draft-quantize requires a DRAFT model'],
  ])('%s %s %j', async (method, path, body, status, message) => {
    expect(await error(method, path, body)).toEqual({ status, type: json, error: message })
  })

  test.each([
    ['POST', '/api/show', 'ShowRequest'],
    ['DELETE', '/api/delete', 'DeleteRequest'],
    ['POST', '/api/create', 'CreateRequest'],
  ])('%s %s reads bodies as every endpoint does', async (method, path, type) => {
    expect(await error(method, path, ' ')).toEqual({ status: 400, type: json, error: 'missing request body' })
    expect(await error(method, path, '{"model":[]}')).toMatchObject({
      status: 400,
      error: `json: cannot unmarshal array into Go struct field ${type}.model of type string`,
    })
  })
})

describe('blobs', () => {
  test.each(['x', `sha256:${'g'.repeat(64)}`, `md5:${'0'.repeat(64)}`, `sha256:${'0'.repeat(63)}`])(
    '%s is no digest',
    async digest => {
      expect(await call('HEAD', `/api/blobs/${digest}`)).toMatchObject({ status: 400, text: '' })
      expect(await error('POST', `/api/blobs/${digest}`, 'x')).toEqual({
        status: 400,
        type: json,
        error: 'invalid digest format',
      })
    },
  )

  test('are uploaded once, told by HEAD, and refused under a wrong digest while kept under the right one', async () => {
    const bytes = Buffer.from('some bytes')
    const right = digestOf(bytes)
    const wrong = `sha256:${'0'.repeat(64)}`
    expect((await call('HEAD', `/api/blobs/${right}`)).status).toBe(404)
    expect(await error('POST', `/api/blobs/${wrong}`, bytes)).toEqual({
      status: 400,
      type: json,
      error: `digest mismatch, expected "${wrong}", got "${right}"`,
    })
    expect((await call('HEAD', `/api/blobs/${wrong}`)).status).toBe(404)
    expect(await call('HEAD', `/api/blobs/${right}`)).toMatchObject({ status: 200, text: '' })
    expect(await call('POST', `/api/blobs/${right}`, bytes)).toMatchObject({ status: 200, text: '' })
    const other = Buffer.from('others')
    expect(await call('POST', `/api/blobs/${digestOf(other).replace(':', '-')}`, other)).toMatchObject({
      status: 201,
      text: '',
    })
    expect(await call('POST', `/api/blobs/${digestOf(Buffer.alloc(0))}`)).toMatchObject({ status: 201, text: '' })
  })

  test('one that is there is not read again', async () => {
    let asked = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          asked++
          controller.enqueue(Buffer.alloc(1024))
        },
      },
      { highWaterMark: 0 },
    )
    const request = new Request(`http://localhost/api/blobs/${digestOf(Buffer.from('some bytes'))}`, {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await api.fetch(request)).status).toBe(200)
    expect(asked).toBe(0)
  })

  test('an upload that breaks off leaves nothing behind', async () => {
    const before = await readdir(join(folder, 'blobs'))
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.alloc(1024))
        controller.error(new Error('gone'))
      },
    })
    const request = new Request(`http://localhost/api/blobs/${chatDigest}`, {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await api.fetch(request)).status).toBe(500)
    expect(await readdir(join(folder, 'blobs'))).toEqual(before)
  })
})

describe('a model made of a GGUF', () => {
  const wanted = {
    model: 'Tiny',
    files: { 'tiny.gguf': '' },
    system: 'Be brief.',
    template: '{{ .Prompt }}',
    parameters: { temperature: 0.7, num_ctx: 1024, stop: ['<|im_end|>', 'a"b'], top_k: 1_000_000, use_mmap: false },
    license: ['one', 'two'],
    messages: [{ role: 'USER', content: 'hi' }],
  }

  beforeAll(async () => {
    wanted.files['tiny.gguf'] = chatDigest
    expect((await call('POST', `/api/blobs/${chatDigest}`, chatBytes)).status).toBe(201)
  })

  test('tells its steps, line by line', async () => {
    const { status, type, text } = await call('POST', '/api/create', wanted)
    expect([status, type]).toEqual([200, 'application/x-ndjson'])
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).status as string)
    expect(lines[0]).toBe('parsing GGUF')
    expect(lines.slice(-2)).toEqual(['writing manifest', 'success'])
    expect(lines).toContain(`using existing layer ${chatDigest}`)
  })

  test('asked for without a stream, tells only its end, and its type has no charset', async () => {
    expect(await call('POST', '/api/create', { ...wanted, model: 'other', stream: false })).toMatchObject({
      status: 200,
      type: 'application/json',
      text: '{"status":"success"}',
    })
  })

  test.each([
    [{ model: 'x' }, 400, "neither 'from' or 'files' was specified"],
    [{ model: 'x', from: 'a b' }, 400, 'invalid model name'],
    [
      { model: 'x', files: { 'a.gguf': `sha256:${'0'.repeat(64)}` } },
      500,
      /^open .*sha256-0{64}: no such file or directory$/,
    ],
    [{ model: 'x', from: 'tiny', license: 5 }, 400, 'license must be a string or a list of strings'],
    [{ model: 'x', from: 'tiny', info: { context_length: 'x' } }, 400, 'info field "context_length" must be a number'],
  ])('%j fails before its first step with a status, streamed or not', async (body, status, message) => {
    for (const stream of [true, false]) {
      const answer = await error('POST', '/api/create', { ...body, stream })
      expect(answer.status).toBe(status)
      expect(answer.type).toMatch(/^application\/json/)
      expect(answer.error).toMatch(message)
    }
  })

  test('is listed with what its file says', async () => {
    const { body } = await call('GET', '/api/tags')
    const entry = body.models.find((model: { name: string }) => model.name === 'Tiny:latest')
    expect(Object.keys(entry)).toEqual(['name', 'model', 'modified_at', 'size', 'digest', 'details', 'capabilities'])
    expect(entry).toMatchObject({
      name: 'Tiny:latest',
      model: 'Tiny:latest',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: expect.stringMatching(/^2\.\d+M$/),
        quantization_level: 'Q8_0',
        context_length: 2048,
        embedding_length: 192,
      },
    })
    expect(Object.keys(entry.details)).toEqual([
      'parent_model',
      'format',
      'family',
      'families',
      'parameter_size',
      'quantization_level',
      'context_length',
      'embedding_length',
    ])
    const manifest = await readFile(join(folder, 'manifests/registry.ollama.ai/library/Tiny/latest'))
    expect(entry.digest).toBe(createHash('sha256').update(manifest).digest('hex'))
    expect(entry.size).toBeGreaterThan(chatBytes.length)
    expect(Date.parse(entry.modified_at)).toBeGreaterThan(Date.now() - 60_000)
    expect(entry.capabilities).toContain('completion')
  })

  test('is listed after one that was changed later', async () => {
    const manifest = join(folder, 'manifests/registry.ollama.ai/library/other/latest')
    await utimes(manifest, new Date(), new Date(Date.now() + 60_000))
    const { body } = await call('GET', '/api/tags')
    expect(body.models.map((model: { name: string }) => model.name)).toEqual(['other:latest', 'Tiny:latest'])
  })

  test('is shown in whatever case, keys in upstream’s order', async () => {
    const { status, type, body } = await call('POST', '/api/show', { model: 'tINY' })
    expect([status, type]).toEqual([200, json])
    expect(Object.keys(body)).toEqual([
      'license',
      'modelfile',
      'parameters',
      'template',
      'system',
      'details',
      'messages',
      'model_info',
      'tensors',
      'capabilities',
      'modified_at',
    ])
    expect(body).toMatchObject({
      license: 'one\ntwo',
      // The Jinja template of its weights can do more than its own, so that is the one that renders.
      template: expect.stringContaining('<|im_start|>'),
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'hi' }],
      details: { parent_model: '', format: 'gguf', family: 'llama' },
    })
    expect(Object.keys(body.details)).not.toContain('context_length')
    expect(body.parameters.split('\n')).toEqual([
      'num_ctx                        1024',
      'stop                           "<|im_end|>"',
      'stop                           "a\\"b"',
      'temperature                    0.7',
      'top_k                          1e+06',
      'use_mmap                       false',
    ])
    expect(body.model_info).toMatchObject({
      'general.architecture': 'llama',
      'llama.context_length': 2048,
      'llama.attention.layer_norm_rms_epsilon': expect.any(Number),
      'tokenizer.ggml.tokens': null,
    })
    expect(body.model_info['general.parameter_count']).toBeGreaterThan(2_000_000)
    expect(body.model_info).not.toHaveProperty('tokenizer.chat_template')
    expect(body.model_info).not.toHaveProperty('general.name')
    expect(body.tensors[0]).toEqual({ name: expect.any(String), type: expect.any(String), shape: expect.any(Array) })
  })

  test.each([
    ['Base:8b', 'Base:8b'],
    ['registry.example:5000/someone/base:latest', 'registry.example:5000/someone/base:latest'],
    ['base.gguf', ''],
    [String.raw`C:\Users\a\.ollama\models\blobs\sha256-5f`, ''],
    ['/usr/share/ollama/.ollama/models/blobs/sha256:5f', ''],
  ])('made from %j tells %j as its parent', async (from, parent) => {
    const library = join(folder, 'manifests/registry.ollama.ai/library')
    const manifest = JSON.parse(await readFile(join(library, 'Tiny/latest'), 'utf8'))
    const layers = manifest.layers.map((layer: object) => ({ ...layer, from }))
    await mkdir(join(library, 'made'), { recursive: true })
    await writeFile(join(library, 'made/latest'), JSON.stringify({ ...manifest, layers }))
    expect((await call('POST', '/api/show', { model: 'made' })).body.details.parent_model).toBe(parent)
    await call('DELETE', '/api/delete', { model: 'made' })
  })

  test('is shown as a Modelfile that would make it again', async () => {
    const { body } = await call('POST', '/api/show', { model: 'tiny', options: { seed: 7 }, system: 'Be\nlong.' })
    expect(body.system).toBe('Be\nlong.')
    expect(body.parameters).not.toContain('seed')
    expect(body.modelfile).toBe(
      [
        '# Modelfile generated by "ollama show"',
        '# To build a new Modelfile based on this, replace FROM with:',
        '# FROM Tiny:latest',
        '',
        `FROM ${join(folder, 'blobs', chatDigest.replace(':', '-'))}`,
        'TEMPLATE {{ .Prompt }}',
        'SYSTEM "Be\nlong."',
        'PARAMETER num_ctx 1024',
        'PARAMETER seed 7',
        'PARAMETER stop <|im_end|>',
        'PARAMETER stop a"b',
        'PARAMETER temperature 0.7',
        'PARAMETER top_k 1000000',
        'PARAMETER use_mmap false',
        'LICENSE one',
        'LICENSE two',
        'MESSAGE user hi',
        '',
      ].join('\n'),
    )
  })

  test('with the Go template when the person wants those', async () => {
    const inference = new ScriptedInference(telling())
    const other = createApi({ library, registry, inference, bodies: new Bodies(), version: '0.0.0', goTemplate: true })
    const request = new Request('http://localhost/api/show', { method: 'POST', body: '{"model":"tiny"}' })
    expect(await (await other.fetch(request)).json()).toMatchObject({ template: '{{ .Prompt }}' })
  })

  test('verbose, with its vocabulary', async () => {
    const { body } = await call('POST', '/api/show', { model: 'tiny', verbose: true })
    expect(body.model_info['tokenizer.ggml.tokens']).toHaveLength(1344)
  })

  test('to Copilot, under the name it asked for', async () => {
    const { body } = await call('POST', '/api/show', { model: 'tiny' }, { 'user-agent': 'GitHubCopilotChat/0.26' })
    expect(body.model_info['general.basename']).toBe('tiny')
  })

  test('without a template of its own, is shown with the one in its file', async () => {
    await call('POST', '/api/create', { model: 'plain', files: wanted.files, stream: false })
    const { body } = await call('POST', '/api/show', { model: 'plain' })
    expect(body.template).toContain('<|im_start|>')
    for (const key of ['license', 'parameters', 'system', 'messages', 'projector_info', 'requires']) {
      expect(body).not.toHaveProperty(key)
    }
  })

  test('with a renderer and nothing in its file, is shown with its own template, and none of Hearth’s', async () => {
    const embed = await readFile(join(fixtures, 'tiny-embed.gguf'))
    await call('POST', `/api/blobs/${digestOf(embed)}`, embed)
    const body = { model: 'rendered', files: { 'a.gguf': digestOf(embed) }, template: '{{ .Prompt }}', stream: false }
    await call('POST', '/api/create', { ...body, renderer: 'glm-4.7' })
    expect((await call('POST', '/api/show', { model: 'rendered' })).body.template).toBe('{{ .Prompt }}')
  })

  test('with a projector, tells about that, too', async () => {
    const projector = await readFile(join(fixtures, 'mmproj-tiny.gguf'))
    await call('POST', `/api/blobs/${digestOf(projector)}`, projector)
    const files = { ...wanted.files, 'mmproj.gguf': digestOf(projector) }
    expect((await call('POST', '/api/create', { model: 'seeing', files, stream: false })).text).toBe(
      '{"status":"success"}',
    )
    const { body } = await call('POST', '/api/show', { model: 'seeing' })
    expect(body.projector_info).toMatchObject({ 'general.architecture': 'clip' })
  })

  test('is copied, and deleted, with empty answers', async () => {
    expect(await call('POST', '/api/copy', { source: 'tiny', destination: 'copy/of:it' })).toMatchObject({
      status: 200,
      text: '',
      type: null,
    })
    expect((await call('POST', '/api/show', { model: 'copy/of:it' })).status).toBe(200)
    expect(await call('POST', '/api/copy', { source: 'tiny', destination: 'TINY' })).toMatchObject({
      status: 200,
      text: '',
    })
    expect(await call('DELETE', '/api/delete', { name: 'Copy/Of:It' })).toMatchObject({
      status: 200,
      text: '',
      type: null,
    })
    expect(await error('DELETE', '/api/delete', { model: 'copy/of:it' })).toMatchObject({
      status: 404,
      error: "model 'copy/of:it' not found",
    })
    expect((await call('POST', '/api/show', { model: 'tiny' })).status).toBe(200)
  })

  test('that is loaded is told with its memory, the one that stays longest first', async () => {
    const loaded = (name: string, expiresAt: Date): RunningModel => ({
      name,
      modelPath: '',
      sizeBytes: 12,
      vramBytes: 5,
      expiresAt,
      contextLength: 1024,
    })
    running = [loaded('Tiny:latest', new Date(Date.now() + 1000)), loaded('gone:latest', new Date(8.64e15))]
    const { body } = await call('GET', '/api/ps')
    expect(body.models.map((model: { name: string }) => model.name)).toEqual(['gone:latest', 'Tiny:latest'])
    const [gone, tiny] = body.models
    expect(Object.keys(tiny)).toEqual([
      'name',
      'model',
      'size',
      'digest',
      'details',
      'expires_at',
      'size_vram',
      'context_length',
    ])
    expect(tiny).toMatchObject({
      model: 'Tiny:latest',
      size: 12,
      size_vram: 5,
      context_length: 1024,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      details: { family: 'llama', quantization_level: 'Q8_0' },
    })
    // "For ever" is 292 years: a year of five digits is a time that clients cannot read.
    expect(gone.expires_at).toMatch(/^23\d\d-/)
    expect(gone.digest).toBe('')
  })

  test('is listed for OpenAI’s clients, in their shape, with a line break at the end', async () => {
    const { status, type, text, body } = await call('GET', '/v1/models')
    expect([status, type, text.at(-1)]).toEqual([200, 'application/json', '\n'])
    expect(body.object).toBe('list')
    expect(body.data).toContainEqual({
      id: 'Tiny:latest',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'library',
    })
    expect((await call('GET', '/v1/models/tiny')).body).toMatchObject({ id: 'tiny', object: 'model' })
    expect(await call('GET', '/v1/models/nobody')).toMatchObject({
      status: 404,
      text: '{"error":{"message":"model \'nobody:latest\' not found","type":"not_found_error","param":null,"code":null}}\n',
    })
    expect((await call('GET', '/v1/models/a%20b')).body.error.type).toBe('invalid_request_error')
    expect((await call('GET', '/v1/models/mike/tiny')).text).toBe('404 page not found')
    expect((await call('POST', '/v1/models')).status).toBe(405)
  })

  test('whose file is broken or gone hides no other from the list', async () => {
    const broken = Buffer.from('GGUF nonsense')
    const path = join(folder, 'blobs', chatDigest.replace(':', '-'))
    await writeFile(path, broken)
    const { status, body } = await call('GET', '/api/tags')
    expect(status).toBe(200)
    expect(body.models.map((model: { name: string }) => model.name)).toContain('Tiny:latest')
    expect((await error('POST', '/api/show', { model: 'tiny' })).status).toBe(500)
    await rm(path)
    expect((await call('GET', '/api/tags')).body.models).toHaveLength(body.models.length)
    expect(await error('POST', '/api/show', { model: 'tiny' })).toMatchObject({
      status: 404,
      error: "model 'Tiny:latest' not found",
    })
  })
})
