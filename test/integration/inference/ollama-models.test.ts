import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixtures, post, startServer, type TestServer, upload } from '../api/server.ts'
import * as ollama from '../engine/ollama-models.ts'
import { slidingWindowModel } from '../engine/random-model.ts'
import { blueSquare, draw, redCircle } from '../pictures.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'ollama-models-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Makes a model of files, as `ollama pull` would have brought it. */
async function create(model: string, ...contents: Buffer[]): Promise<string[]> {
  const paths = contents.map((_, index) => join(folder, `${model}-${index}.gguf`))
  await Promise.all(paths.map((path, index) => writeFile(path, contents[index]!)))
  const digests = await upload(server.url, paths)
  const files = Object.fromEntries(digests.map((digest, index) => [`${index}.gguf`, digest]))
  const made = await post(server.url, '/api/create', { model, files, stream: false, template: '{{ .Prompt }}' })
  expect(made.status, await made.clone().text()).toBe(200)
  return digests
}

const greedy = { temperature: 0, num_predict: 12, num_ctx: 1024 }

async function generate(model: string, body: object): Promise<{ response?: string; error?: string }> {
  const answer = await post(server.url, '/api/generate', { model, stream: false, options: greedy, ...body })
  return (await answer.json()) as { response?: string; error?: string }
}

/** A question as the fixture that talks has heard it. */
const asked = (question: string) =>
  `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n`

const picture = draw([redCircle]).toString('base64')
const otherPicture = draw([blueSquare]).toString('base64')

describe('a model made for Ollama’s own engine', () => {
  // The layers are Llama's: only a wrong tensor or number would make it forget what it knows.
  it('says what it said before, and looks at a picture', async () => {
    await create('own-mistral', await ollama.mistral3())
    const prompt = asked('What is the capital of France?')
    expect((await generate('own-mistral', { prompt, raw: true })).response).toContain('Paris')
    const shown = (await (await post(server.url, '/api/show', { model: 'own-mistral' })).json()) as object
    expect(shown).toMatchObject({
      capabilities: expect.arrayContaining(['vision']),
      // As Ollama tells it: of the file that was pulled.
      details: { family: 'mistral3' },
      model_info: { 'general.architecture': 'mistral3', 'mistral3.vision.block_count': 1 },
    })
    expect((await generate('own-mistral', { prompt: 'What is this?', images: [picture] })).error).toBeUndefined()
  })

  // A key, a tensor or a token that went wrong would change the words; these mean nothing, but are always the same.
  it('writes the same as the same model made for llama.cpp', async () => {
    await create('own-gemma', ollama.gemma3())
    await create('gemma', slidingWindowModel())
    const prompt = 'ab'.repeat(50)
    const own = await generate('own-gemma', { prompt })
    expect(own.error).toBeUndefined()
    expect(own.response).toBe((await generate('gemma', { prompt })).response)
  })

  it.each([
    ['gemma3', ollama.gemma3],
    ['qwen25vl', ollama.qwen25vl],
    ['qwen3vl', ollama.qwen3vl],
  ])('runs as %s, and what it writes depends on the picture', async (family, file) => {
    const name = `seeing-${family}`
    await create(name, file())
    // The one without a picture comes last, so that all are answered by the same engine.
    const [first, again, second, none] = [
      await generate(name, { prompt: 'ab', images: [picture] }),
      await generate(name, { prompt: 'ab', images: [picture] }),
      await generate(name, { prompt: 'ab', images: [otherPicture] }),
      await generate(name, { prompt: 'ab' }),
    ]
    for (const { error } of [first, again, second, none]) expect(error).toBeUndefined()
    expect(first.response).toBe(again.response)
    expect(new Set([none.response, first.response, second.response]).size).toBeGreaterThan(1)
  })

  it.each([
    ['gptoss', ollama.gptOss],
    ['olmo3', ollama.olmo3],
    ['nemotron_h_omni', ollama.nemotronOmni],
  ])('runs as %s', async (family, file) => {
    await create(`own-${family}`, file())
    const { response, error } = await generate(`own-${family}`, { prompt: 'ab' })
    expect(error).toBeUndefined()
    expect(response).toBeTypeOf('string')
  })

  // Whoever chooses a model by what it can would send it pictures or sounds, and get an error.
  it('is not told to see or to hear where its encoders cannot be translated', async () => {
    await create('own-omni', ollama.nemotronOmni())
    const shown = await (await post(server.url, '/api/show', { model: 'own-omni' })).json()
    expect((shown as { capabilities: string[] }).capabilities).toEqual(['completion', 'tools', 'thinking'])
    expect((await generate('own-omni', { prompt: 'ab', images: [picture] })).error).toMatch(
      /image input is not supported/,
    )
  })

  it('sees through a projector that does not say what it is', async () => {
    await create(
      'first-llava',
      await readFile(join(fixtures, 'tiny-chat-q8_0.gguf')),
      await ollama.firstLlavaProjector(),
    )
    const prompt = asked('What do you see?[img-0]')
    const { response } = await generate('first-llava', { prompt, raw: true, images: [picture] })
    expect(response).toContain('red circle')
  })

  it('is translated once, and the translation goes with the model', async () => {
    const [digest] = await create('own-olmo3', ollama.olmo3())
    const translated = join(server.models, 'translated')
    const ofOlmo = async () => (await readdir(translated)).filter(name => name.startsWith(digest!.replace(':', '-')))
    await generate('own-olmo3', { prompt: 'ab' })
    expect(await ofOlmo()).toHaveLength(1)
    await post(server.url, '/api/generate', { model: 'own-olmo3', keep_alive: 0 })
    await generate('own-olmo3', { prompt: 'ab' })
    expect(await ofOlmo()).toHaveLength(1)
    await post(server.url, '/api/delete', { model: 'own-olmo3' }, 'DELETE')
    expect(await ofOlmo()).toHaveLength(0)
  })
})
