import { linkSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { displayShortest, parseModelName } from '../../../main/library/model-name.ts'
import { Problem } from '../../../main/problem.ts'
import { cpuTime } from '../../cpu-time.ts'
import {
  chunks,
  configOfLlama,
  eachInTemporaryFolder,
  fixture,
  layerType,
  manifestType,
  problem,
  putBlob,
  putManifest,
  putModel,
  sha256,
} from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let library: Library
beforeEach(() => {
  library = new Library({ modelsFolder: folder.path })
})

const names = async () => (await library.list()).map(model => displayShortest(model.name))

describe('a folder Ollama wrote', () => {
  it('is read as it is: pulled, created, from another registry, legacy types', async () => {
    const weights = fixture('tiny-chat-q8_0.gguf')
    const bytes = putModel(folder.path, {
      path: 'registry.ollama.ai/library/llama3/8b',
      layers: [
        ['model', weights],
        ['license', 'first'],
        ['template', '{{ .Prompt }}'],
        ['license', 'second'],
        ['system', 'Be brief.'],
        ['params', '{"stop":["<a>","<b>"],"temperature":0.7,"num_ctx":4096}'],
        ['messages', '[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]'],
        ['projector', 'mmproj'],
        ['adapter', 'lora 1'],
        ['adapter', 'lora 2'],
        ['unheard-of', 'kept, not read'],
      ],
      modified: new Date('2026-03-01T10:00:00.900Z'),
      indent: 3,
    })
    putModel(folder.path, {
      path: 'hf.co/Bartowski/Qwen-GGUF/Q4_K_M',
      config: { ...configOfLlama, model_families: null, renderer: 'qwen3-coder', requires: '0.14.0' },
      layers: [
        ['model', 'qwen'],
        ['prompt', 'legacy template'],
      ],
      modified: new Date('2026-03-02T10:00:00Z'),
    })
    putModel(folder.path, {
      path: 'localhost:5000/me/x/latest',
      layers: [],
      modified: new Date('2026-03-01T10:00:00.100Z'),
    })

    const models = await library.list()
    expect(models.map(model => displayShortest(model.name))).toEqual([
      'hf.co/Bartowski/Qwen-GGUF:Q4_K_M',
      // Of the same second: by name, not by the fraction, which upstream does not see.
      'localhost:5000/me/x:latest',
      'llama3:8b',
    ])
    const blob = (content: Buffer | string) => join(folder.path, 'blobs', `sha256-${sha256(content)}`)
    const [qwen, empty, llama] = models
    expect(llama).toEqual({
      name: parseModelName('llama3:8b'),
      digest: sha256(bytes),
      size:
        weights.length +
        JSON.stringify(configOfLlama).length +
        'firstsecond{{ .Prompt }}Be brief.mmprojlora 1lora 2kept, not read'.length +
        '{"stop":["<a>","<b>"],"temperature":0.7,"num_ctx":4096}'.length +
        '[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]'.length,
      modifiedAt: new Date('2026-03-01T10:00:00.900Z'),
      modelPath: blob(weights),
      parentModel: '',
      adapterPaths: [blob('lora 1'), blob('lora 2')],
      projectorPaths: [blob('mmproj')],
      template: '{{ .Prompt }}',
      system: 'Be brief.',
      parameters: { stop: ['<a>', '<b>'], temperature: 0.7, num_ctx: 4096 },
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'hello' },
      ],
      licenses: ['first', 'second'],
      config: configOfLlama,
    })
    expect(qwen).toMatchObject({
      template: 'legacy template',
      config: { model_families: null, renderer: 'qwen3-coder' },
    })
    expect(empty!.modelPath).toBeUndefined()
    expect(library.warnings).toEqual([])
    expect((await library.facts(llama!.modelPath!)).architecture).toBe('llama')
  })

  it('may be missing or empty', async () => {
    expect(await new Library({ modelsFolder: join(folder.path, 'none') }).list()).toEqual([])
    expect(await names()).toEqual([])
    mkdirSync(join(folder.path, 'manifests/registry.ollama.ai/library/gone'), { recursive: true })
    expect(await names()).toEqual([])
  })

  // One broken manifest must not hide the other models, and the person must be able to learn of it.
  it('is listed without what is broken in it, which is told as warnings', async () => {
    const good = 'registry.ollama.ai/library/good/latest'
    putModel(folder.path, { path: good })
    const weights = putBlob(folder.path, layerType('model'), 'weights')
    const broken: Record<string, string> = {
      json: '{"schemaVersion":2,',
      empty: '',
      array: '[]',
      null: 'null',
      configless: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [weights] }),
      digest: JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: { ...weights, digest: '../../../etc/passwd' },
      }),
      size: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: { ...weights, size: -1 } }),
      list: JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.ollama.manifest.list.v2+json',
        manifests: [],
      }),
      // What the config's digest names is there, and is no config.
      config: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: weights, layers: [] }),
      blobless: JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: { ...weights, digest: `sha256:${'0'.repeat(64)}` },
        layers: [],
      }),
    }
    for (const [name, text] of Object.entries(broken))
      putManifest(folder.path, `registry.ollama.ai/library/${name}/latest`, text)
    for (const [kind, text] of [
      ['params', '[1]'],
      ['params', '{'],
      // Whoever prints it would run out of stack.
      ['params', `{"stop":${'['.repeat(9_000)}${']'.repeat(9_000)}}`],
      ['messages', '{}'],
    ] as const) {
      putModel(folder.path, {
        path: `registry.ollama.ai/library/bad-${kind}${text.length}/latest`,
        layers: [[kind, text]],
      })
    }
    putModel(folder.path, {
      path: 'registry.ollama.ai/library/families/latest',
      config: { ...configOfLlama, model_families: 'llama' },
    })
    writeFileSync(join(folder.path, 'manifests/registry.ollama.ai/library/good/not a tag'), '{}')
    writeFileSync(join(folder.path, 'manifests/.DS_Store'), 'x')
    writeFileSync(join(folder.path, 'manifests/registry.ollama.ai/library/good/.latest.swp'), 'x')
    writeFileSync(join(folder.path, 'manifests/registry.ollama.ai/readme'), 'too high up')
    mkdirSync(join(folder.path, 'manifests/registry.ollama.ai/library/good/deeper'))

    expect(await names()).toEqual(['good:latest'])
    const told = library.warnings.map(({ path }) => path.split('/').slice(-2).join('/')).sort()
    expect(told).toEqual(
      [
        ...Object.keys(broken).map(name => `${name}/latest`),
        'bad-messages2/latest',
        'bad-params1/latest',
        'bad-params3/latest',
        'bad-params18009/latest',
        'families/latest',
        'good/not a tag',
      ].sort(),
    )
    expect(library.warnings.every(({ reason }) => reason.length > 10)).toBe(true)
    await expect(library.get('json')).rejects.toEqual(
      problem('broken-model-file', 500, expect.stringContaining('JSON')),
    )
    await expect(library.get('blobless')).rejects.toEqual(
      problem('model-not-found', 404, 'model "blobless:latest" not found, try pulling it first'),
    )
  })

  it('never leads out of itself by a link', async () => {
    const outside = join(folder.path, 'outside')
    const root = join(folder.path, 'models')
    library = new Library({ modelsFolder: root })
    putModel(root, { path: 'registry.ollama.ai/library/good/latest' })
    putModel(outside, { path: 'host/ns/secret/latest', layers: [['system', 'secret text']] })
    const manifests = join(root, 'manifests')
    symlinkSync(join(outside, 'manifests/host'), join(manifests, 'linked-host'))
    symlinkSync(
      join(outside, 'manifests/host/ns/secret/latest'),
      join(manifests, 'registry.ollama.ai/library/good/linked'),
    )
    symlinkSync('latest', join(manifests, 'registry.ollama.ai/library/good/inside'))
    symlinkSync('nowhere', join(manifests, 'registry.ollama.ai/library/good/dangling'))
    // The manifest is inside; what it names as its system prompt is a link to a file of the person's.
    putModel(root, { path: 'registry.ollama.ai/library/leak/latest', layers: [['system', 'private key']] })
    const leaked = join(root, 'blobs', `sha256-${sha256('private key')}`)
    unlinkSync(leaked)
    writeFileSync(join(outside, 'id'), 'private key')
    symlinkSync(join(outside, 'id'), leaked)
    putModel(root, { path: 'registry.ollama.ai/library/weights/latest', layers: [['model', 'heavy']] })
    const heavy = join(root, 'blobs', `sha256-${sha256('heavy')}`)
    unlinkSync(heavy)
    symlinkSync(join(outside, 'id'), heavy)

    expect((await names()).sort()).toEqual(['good:inside', 'good:latest'])
    expect(library.warnings.map(({ reason }) => reason).filter(reason => reason.includes('leads out'))).toHaveLength(3)
    await expect(library.get('linked-host/ns/secret')).rejects.toEqual(
      problem('model-not-found', 404, "model 'linked-host/ns/secret' not found"),
    )
    await expect(library.get('good:linked')).rejects.toEqual(
      problem('model-not-found', 404, "model 'good:linked' not found"),
    )
    await expect(library.get('leak')).rejects.toBeInstanceOf(Problem)
    await expect(library.get('weights')).rejects.toThrow('leads out of the models folder')
    expect(await library.blobs.has(`sha256:${sha256('private key')}`)).toBe(false)
  })

  // Listing failed altogether, and the models of a program that made such a link could not even be removed.
  it('a link in a circle is as good as none, in the place of a folder, a manifest and a blob', async () => {
    const root = folder.path
    putModel(root, { path: 'registry.ollama.ai/library/good/latest' })
    putModel(root, { path: 'registry.ollama.ai/library/hollow/latest', layers: [['system', 'gone']] })
    const manifests = join(root, 'manifests')
    symlinkSync('host', join(manifests, 'host'))
    symlinkSync('circle', join(manifests, 'registry.ollama.ai/library/good/circle'))
    const blob = join(root, 'blobs', `sha256-${sha256('gone')}`)
    unlinkSync(blob)
    symlinkSync(blob, blob)
    expect(await names()).toEqual(['good:latest'])
    for (const name of ['good:circle', 'host/a/b']) {
      await expect(library.get(name)).rejects.toMatchObject({ code: 'model-not-found' })
      await expect(library.remove(name)).rejects.toMatchObject({ code: 'model-not-found' })
    }
    await library.remove('hollow')
    await library.blobs.write(chunks(Buffer.from('gone')))
    expect(await library.blobs.readText(`sha256:${sha256('gone')}`, 10)).toBe('gone')
  })

  it('may itself be a link, and so may its two folders', async () => {
    const real = join(folder.path, 'disk')
    putModel(real, { path: 'registry.ollama.ai/library/m/latest', layers: [['system', 's']] })
    const root = join(folder.path, 'models')
    mkdirSync(root)
    symlinkSync(join(real, 'blobs'), join(root, 'blobs'))
    symlinkSync(join(real, 'manifests'), join(root, 'manifests'))
    symlinkSync(root, join(folder.path, 'home'))
    library = new Library({ modelsFolder: join(folder.path, 'home') })
    expect((await library.get('m')).system).toBe('s')
    await library.copy('m', 'n')
    expect((await names()).sort()).toEqual(['m:latest', 'n:latest'])
  })
})

describe('get', () => {
  beforeEach(() => {
    putModel(folder.path, { path: 'registry.ollama.ai/library/Llama3/8B' })
    putModel(folder.path, { path: 'registry.ollama.ai/library/llama3/8b', layers: [['system', 'lower']] })
    putModel(folder.path, { path: 'HF.co/User/Repo-GGUF/Q4_K_M' })
  })

  it.each([
    ['llama3:8b', 'llama3:8b'],
    ['Llama3:8B', 'Llama3:8B'],
    ['LLAMA3:8B', 'Llama3:8B'],
    [' llama3:8b:local ', 'llama3:8b'],
    ['registry.ollama.ai/library/llama3:8b', 'llama3:8b'],
    ['hf.co/user/repo-gguf:q4_k_m', 'HF.co/User/Repo-GGUF:Q4_K_M'],
  ])('finds %s', async (asked, found) => {
    expect(displayShortest((await library.get(asked)).name)).toBe(found)
    expect(await library.exists(asked.replace(':local', ''))).toBe(true)
  })

  it.each([
    ['nope', 'model-not-found', 404, "model 'nope' not found"],
    ['llama3', 'model-not-found', 404, "model 'llama3' not found"],
    ['', 'invalid-request', 400, 'model is required'],
    ['a b', 'invalid-request', 400, 'invalid model name'],
    ['../../../etc/passwd', 'invalid-request', 400, 'invalid model name'],
    ['llama3:cloud', 'invalid-request', 403, 'ollama cloud is disabled: remote model is unavailable'],
    ['a:cloud:local', 'invalid-request', 400, 'use either :local or :cloud, not both: "a:cloud:local"'],
  ])('refuses %j', async (asked, code, status, message) => {
    await expect(library.get(asked)).rejects.toEqual(problem(code, status, message))
    expect(await library.exists(asked)).toBe(false)
  })

  it('spells the parts of a new name as stored names do', async () => {
    const canonical = async (text: string) => displayShortest(await library.canonical(parseModelName(text)!))
    expect(await canonical('hf.co/USER/other:q4_k_m')).toBe('HF.co/User/other:Q4_K_M')
    expect(await canonical('brand-new')).toBe('brand-new:latest')
    expect(await canonical('llama3:8b')).toBe('llama3:8b')
    expect(await canonical('Llama3:8b')).toBe('Llama3:8B')
  })
})

describe('what another program changes', () => {
  it('is seen at once', async () => {
    const path = 'registry.ollama.ai/library/m/latest'
    putModel(folder.path, { path, layers: [['system', 'one']] })
    expect((await library.get('m')).system).toBe('one')
    putModel(folder.path, { path, layers: [['system', 'two']] })
    expect((await library.get('m')).system).toBe('two')
    putModel(folder.path, { path: 'registry.ollama.ai/library/n/latest' })
    expect(await names()).toHaveLength(2)
    rmSync(join(folder.path, 'manifests/registry.ollama.ai/library/m'), { recursive: true })
    expect(await names()).toEqual(['n:latest'])
    await expect(library.get('m')).rejects.toBeInstanceOf(Problem)
  })

  it('is seen even when a file keeps its size and its time of change', async () => {
    const at = new Date('2026-01-01')
    const path = 'registry.ollama.ai/library/m/latest'
    putModel(folder.path, { path, layers: [['system', 'one']], modified: at })
    expect((await library.get('m')).system).toBe('one')
    const other = 'registry.ollama.ai/library/other/latest'
    putModel(folder.path, { path: other, layers: [['system', 'two']], modified: at })
    // Replaced by a rename, as every careful program does: another inode.
    rmSync(join(folder.path, 'manifests', path))
    linkSync(join(folder.path, 'manifests', other), join(folder.path, 'manifests', path))
    expect((await library.get('m')).system).toBe('two')
  })

  it('mends a model whose layer was missing', async () => {
    putModel(folder.path, { path: 'registry.ollama.ai/library/m/latest', layers: [['system', 'text']] })
    rmSync(join(folder.path, 'blobs', `sha256-${sha256('text')}`))
    await expect(library.get('m')).rejects.toMatchObject({ status: 404 })
    putBlob(folder.path, layerType('system'), 'text')
    expect((await library.get('m')).system).toBe('text')
  })
})

describe('many models', () => {
  // Tags are asked for at every opening of the picker; reading a thousand small files each time is felt.
  it('are listed from what is remembered', async () => {
    for (let i = 0; i < 200; i++) {
      putModel(folder.path, {
        path: `registry.ollama.ai/library/m${i % 50}/t${i}`,
        layers: [
          ['model', `w${i}`],
          ['template', `t${i}`],
          ['params', `{"seed":${i}}`],
          ['license', 'x'.repeat(10_000)],
        ],
      })
    }
    const first = cpuTime()
    expect(await library.list()).toHaveLength(200)
    const cold = cpuTime() - first
    const second = cpuTime()
    const models = await library.list()
    const warm = cpuTime() - second
    expect(models[0]).toBe((await library.list())[0])
    expect(warm).toBeLessThan(Math.max(cold / 2, 250))
  })
})
