import { readFileSync, rmSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineProcess, LoadOptions } from '../../../main/engine/engine.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import { opening, weights } from '../../../main/engine/runner/load-model.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { checkDimensions } from '../../../main/library/gguf/dimensions.ts'
import { checkVocabulary } from '../../../main/library/gguf/vocabulary.ts'
import { alive } from '../processes.ts'
import { answer, ask, chatModel, chatPrompt, engineEntry, fixture, startEngine } from './engine.ts'

const france = ask(chatPrompt('What is the capital of France?'))

describe('loading', () => {
  it('tells what was loaded, with progress that rises to one', async () => {
    const progress: number[] = []
    const engine = await startEngine({ ...chatModel, slots: 3 }, { onProgress: fraction => progress.push(fraction) })
    try {
      expect(engine.info).toMatchObject({
        architecture: 'llama',
        trainedContextSize: 2048,
        contextSize: 2048,
        slots: 3,
        vocabularySize: 1344,
        embeddingSize: 192,
        addsBos: false,
        eosToken: '<|im_end|>',
        gpuLayers: 0,
        vramBytes: 0,
      })
      expect(engine.info.ramBytes).toBeGreaterThan(3e6)
      expect(progress.at(-1)).toBe(1)
      expect(progress).toEqual([...progress].sort((a, b) => a - b))
      expect(engine.pid).toBeGreaterThan(0)
      await engine.ping()
    } finally {
      await engine.dispose()
    }
    expect(await engine.exited).toMatchObject({ code: 0, signal: null, expected: true })
  })

  it.each<[string, Partial<LoadOptions>]>([
    ['a tiny context, rounded up', { contextSize: 4 }],
    ['a batch larger than the context', { contextSize: 256, batchSize: 4096 }],
    ['a batch of few tokens', { batchSize: 8 }],
    ['more slots than a batch has tokens', { slots: 12, batchSize: 4, contextSize: 256 }],
    ['a quantised cache', { kvCacheType: 'q8_0', flashAttention: true }],
    ['no memory mapping', { useMmap: false }],
    ['one thread', { threads: 1 }],
    ['more threads than any machine has cores', { threads: 10_000 }],
    ['whatever GPU there is', { gpuLayers: 'auto' }],
  ])('and answering work with %s', async (_, options) => {
    const engine = await startEngine({ ...chatModel, ...options })
    try {
      expect((await answer(engine, france)).text).toContain('Paris')
    } finally {
      await engine.dispose()
    }
  })

  it('ends the process when aborted, and refuses to begin when aborted before', async () => {
    const abort = new AbortController()
    let spawned: EngineProcess | undefined
    const start = createEngineStarter(() => {
      spawned = forkEngine(engineEntry)()
      // However quick the machine: it does not come to the end of its load.
      process.kill(spawned.pid!, 'SIGSTOP')
      return spawned
    })
    const loading = expect(start(chatModel, { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => spawned).toBeDefined()
    abort.abort()
    await loading
    await expect.poll(() => alive(spawned!.pid!)).toBe(false)
    await expect(startEngine(chatModel, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it.each([4_000_000_000, 30_000_000])(
    'says that a context of %i tokens needs more memory than there is',
    async contextSize => {
      await expect(startEngine({ ...chatModel, contextSize })).rejects.toMatchObject({
        code: 'out-of-memory',
        status: 500,
      })
    },
  )
})

describe('loading a file that is no model', () => {
  let folder: string
  let good: Buffer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-loading-'))
    good = await readFile(chatModel.modelPath)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const load = async (content: Buffer | string) => {
    const modelPath = join(folder, 'model.gguf')
    await writeFile(modelPath, content)
    return startEngine({ ...chatModel, modelPath })
  }

  /** The model with the bytes behind a key's name changed. */
  const changed = (key: string, behind: number, change: (bytes: Buffer, at: number) => void) => {
    const bytes = Buffer.from(good)
    change(bytes, bytes.indexOf(key) + key.length + behind)
    return bytes
  }

  it('names an architecture it does not know', async () => {
    const file = changed('general.architecture', 12, (bytes, at) => bytes.write('llamb', at))
    await expect(load(file)).rejects.toMatchObject({
      code: 'unsupported-architecture',
      message: "unable to load model: unknown model architecture: 'llamb'",
    })
  })

  it('says that a projector is no model of its own', async () => {
    const modelPath = fixture('mmproj-tiny.gguf')
    await expect(startEngine({ ...chatModel, modelPath })).rejects.toMatchObject({ code: 'unsupported-architecture' })
  })

  it.each<[string, () => Buffer | string]>([
    ['an empty file', () => ''],
    ['a text', () => 'Once upon a time there was a model. '.repeat(1000)],
    ['a file cut off in its weights', () => good.subarray(0, 1_000_000)],
    ['a file cut off in its header', () => good.subarray(0, 5000)],
    ['a header alone', () => good.subarray(0, 24)],
    ['an adapter', () => readFileSync(fixture('tiny-pirate-lora.gguf'))],
    ['more tensors than fit', () => changed('GGUF', 4, (bytes, at) => bytes.writeBigUInt64LE(1n << 60n, at))],
    [
      'a vocabulary larger than the file',
      () => changed('tokenizer.ggml.tokens', 8, (b, at) => b.writeBigUInt64LE(1n << 50n, at)),
    ],
    [
      'a first key longer than the file',
      () => changed('GGUF', 20, (bytes, at) => bytes.writeBigUInt64LE(1n << 50n, at)),
    ],
    ['five million layers', () => changed('llama.block_count', 4, (bytes, at) => bytes.writeUInt32LE(5_000_000, at))],
    ['a wrong width', () => changed('llama.embedding_length', 4, (bytes, at) => bytes.writeUInt32LE(77_777, at))],
    ['no attention heads', () => changed('llama.attention.head_count', 4, (bytes, at) => bytes.writeUInt32LE(0, at))],
  ])('takes %s for broken, whatever llama.cpp does with it', async (_, file) => {
    await expect(load(file())).rejects.toMatchObject({
      code: 'broken-model-file',
      status: 500,
      message: expect.stringMatching(/^unable to load model: /),
    })
  })

  // What is refused when a model is made must be nothing that could have been loaded.
  it.each<[string, () => Buffer, RegExp]>([
    [
      'heads of another size than are rotated',
      () => changed('llama.rope.dimension_count', 4, (bytes, at) => bytes.writeUInt32LE(48, at)),
      /it rotates 48 dimensions of each attention head, which has 32/,
    ],
    [
      'another number of heads',
      () => changed('llama.attention.head_count', 4, (bytes, at) => bytes.writeUInt32LE(4, at)),
      /it rotates 32 dimensions of each attention head, which has 48/,
    ],
    [
      'a wrong width',
      () => changed('llama.embedding_length', 4, (bytes, at) => bytes.writeUInt32LE(197, at)),
      /its tensor "(token_embd|output|blk.0.attn_q).weight" is 192 by \d+, and by its settings it would be 197 by \d+/,
    ],
  ])('knows from the header that llama.cpp refuses %s', async (_, file, reason) => {
    await expect(load(file())).rejects.toMatchObject({ code: 'broken-model-file' })
    const header = await readHeader(join(folder, 'model.gguf'))
    expect(() => checkDimensions(header)).toThrow(reason)
  })

  // The engine's process ends over it, which read as a damaged file, or as a crash.
  it('says that two tokens have the same text, and knows it before', async () => {
    const spelt = (text: string) => Buffer.concat([Buffer.from([text.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text)])
    const tokens = good.indexOf('tokenizer.ggml.tokens')
    const file = Buffer.from(good)
    spelt('A').copy(file, good.indexOf(spelt('B'), tokens))
    await expect(load(file)).rejects.toMatchObject({
      code: 'broken-model-file',
      message: 'unable to load model: two of its tokens have the same text',
    })
    const path = join(folder, 'model.gguf')
    await expect(checkVocabulary({ path, header: await readHeader(path) })).rejects.toThrow(
      /broken model file: its tokens \d+ and \d+ have the same text, "A"/,
    )
    const modelPath = fixture('tiny-chat-q8_0.gguf')
    await checkVocabulary({ path: modelPath, header: await readHeader(modelPath) })
  })

  // Whoever deletes a model that somebody just asks for is not to be told that its file was broken.
  it('tells a file that is deleted while it is loaded as missing', async () => {
    const modelPath = join(folder, 'deleted.gguf')
    await copyFile(chatModel.modelPath, modelPath)
    const listener = { onPlanned: () => rmSync(modelPath), onProgress: () => undefined }
    await expect(opening({ ...chatModel, modelPath }, listener, weights)).rejects.toMatchObject({
      code: 'model-not-found',
      status: 404,
      message: 'model file "deleted.gguf" not found',
    })
  })

  it('tells a missing file', async () => {
    const modelPath = join(folder, 'nothing.gguf')
    await expect(startEngine({ ...chatModel, modelPath })).rejects.toMatchObject({
      code: 'model-not-found',
      status: 404,
    })
  })
})
