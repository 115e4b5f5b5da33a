import { join } from 'node:path'
import { Ollama } from 'ollama'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ServeProcess, startServeProcess } from './serve-process.ts'
import { endlessAnswer, endlessOptions, fixtures, post, upload } from './server.ts'

/** The npm client that most JavaScript programs use, unchanged, against `npm run serve`. */

let server: ServeProcess
let client: Ollama
const messages = [{ role: 'user', content: 'What is the capital of France?' }]

beforeAll(async () => {
  server = await startServeProcess({ OLLAMA_NUM_PARALLEL: '3' })
  client = new Ollama({ host: server.url })
})
afterAll(() => server.close())

test('list, show and ps', async () => {
  const { models } = await client.list()
  expect(models.map(model => model.name)).toEqual(['hearth-demo:latest'])
  expect(new Date(models[0]!.modified_at).getTime()).toBeGreaterThan(Date.now() - 600_000)
  const shown = await client.show({ model: 'hearth-demo' })
  expect(shown.details.family).toBe('llama')
  expect(shown.capabilities).toContain('completion')
  expect(shown.model_info).toMatchObject({ 'general.architecture': 'llama' })
  await client.chat({ model: 'hearth-demo', messages: [] })
  expect((await client.ps()).models.map(model => model.name)).toEqual(['hearth-demo:latest'])
})

// A file's name in its place would be pulled as a model's.
test('a chat is saved as `ollama run` saves it: as a model made from the parent, or else from the model itself', async () => {
  const parentOf = async (model: string) => (await client.show({ model })).details.parent_model
  const from = (await parentOf('hearth-demo')) || 'hearth-demo'
  expect((await client.create({ model: 'talk', from, messages })).status).toBe('success')
  expect(await parentOf('talk')).toBe('hearth-demo:latest')
  await client.delete({ model: 'talk' })
})

describe('chat', () => {
  test('at once', async () => {
    const { message, done_reason, eval_count } = await client.chat({ model: 'hearth-demo', messages, think: false })
    expect(message.content).toContain('Paris')
    expect(done_reason).toBe('stop')
    expect(eval_count).toBeGreaterThan(3)
  })

  test('as a stream', async () => {
    const parts: string[] = []
    for await (const part of await client.chat({ model: 'hearth-demo', messages, think: false, stream: true })) {
      parts.push(part.message.content)
    }
    expect(parts.length).toBeGreaterThan(3)
    expect(parts.join('')).toContain('Paris')
  })

  test('with a schema', async () => {
    const format = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] }
    const question = [{ role: 'user', content: 'Percival has a hamster and is 38 years old. Respond as JSON.' }]
    const { message } = await client.chat({ model: 'hearth-demo', messages: question, format, think: false })
    expect(JSON.parse(message.content)).toEqual({ age: expect.any(Number) })
  })
})

test('tools: the call, then the answer made of its result', async () => {
  const weather = {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather of a city',
      parameters: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
    },
  }
  const asked = [{ role: 'user', content: 'What is the weather in Oslo?' }]
  const more = { model: 'hearth-demo', tools: [weather], think: false, options: { temperature: 0 } }
  const { message } = await client.chat({ ...more, messages: asked })
  expect(message.tool_calls).toMatchObject([{ function: { name: 'get_weather', arguments: { city: 'Oslo' } } }])
  const result = { role: 'tool', tool_name: 'get_weather', content: 'sunny, 21 degrees' }
  const answer = await client.chat({ ...more, messages: [...asked, message, result] })
  expect(answer.message.tool_calls).toBeUndefined()
  expect(answer.message.content).toMatch(/sunny|21/)
})

test('embeddings: related texts lie closer, in both forms', async () => {
  const [digest] = await upload(server.url, [join(fixtures, 'tiny-embed.gguf')])
  await post(server.url, '/api/create', { model: 'bert', files: { 'e.gguf': digest }, stream: false })
  const input = ['A cat sleeps.', 'The kitten is asleep.', 'Stocks fell on Monday.']
  const { embeddings } = await client.embed({ model: 'bert', input })
  const likeness = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)
  const [cat, kitten, stocks] = embeddings as [number[], number[], number[]]
  expect(likeness(cat, kitten)).toBeGreaterThan(likeness(cat, stocks))
  expect((await client.embeddings({ model: 'bert', prompt: input[0]! })).embedding).toHaveLength(cat.length)
  await client.delete({ model: 'bert' })
})

test('generate, and goes on from its context', async () => {
  const first = await client.generate({ model: 'hearth-demo', prompt: 'My name is Lena.', think: false })
  const second = await client.generate({
    model: 'hearth-demo',
    prompt: 'What is my name?',
    context: first.context,
    think: false,
  })
  expect(second.prompt_eval_count).toBeGreaterThan(first.context.length)
})

describe('abort', () => {
  const endless = { model: 'hearth-demo', format: endlessAnswer, options: endlessOptions, stream: true } as const
  let own: Ollama
  /** As many answers without an end as the server gives at a time: while they go on, nobody else is answered. */
  const fill = () => Promise.all([1, 2, 3].map(() => own.chat({ ...endless, messages })))
  beforeEach(() => {
    own = new Ollama({ host: server.url })
  })
  afterEach(() => own.abort())

  test('of one stream ends it in the client and on the server', async () => {
    const [stream] = await fill()
    let count = 0
    await expect(
      (async () => {
        for await (const _ of stream!) if (++count === 3) stream!.abort()
      })(),
    ).rejects.toMatchObject({ name: 'AbortError' })
    const next = await client.chat({ model: 'hearth-demo', messages, think: false })
    expect(next.message.content).toContain('Paris')
  })

  test('of everything leaves the server ready for the next', async () => {
    const streams = await fill()
    own.abort()
    for (const stream of streams) {
      await expect(
        (async () => {
          for await (const _ of stream);
        })(),
      ).rejects.toMatchObject({ name: 'AbortError' })
    }
    expect(await fill()).toHaveLength(3)
  })
})

describe('errors are the client’s own, with status and text', () => {
  test.each([
    ['chat', () => client.chat({ model: 'nobody', messages }), 404, "model 'nobody' not found"],
    [
      'a streamed chat',
      () => client.chat({ model: 'nobody', messages, stream: true }),
      404,
      "model 'nobody' not found",
    ],
    ['generate', () => client.generate({ model: 'a b', prompt: 'x' }), 400, 'invalid model name'],
    ['show', () => client.show({ model: 'nobody' }), 404, "model 'nobody:latest' not found"],
    ['delete', () => client.delete({ model: 'nobody' }), 404, "model 'nobody' not found"],
    ['copy', () => client.copy({ source: 'nobody', destination: 'x' }), 404, 'model "nobody" not found'],
    ['create', () => client.create({ model: 'x' }), 400, "neither 'from' or 'files' was specified"],
    [
      'a wrong option',
      () => client.chat({ model: 'hearth-demo', messages, options: { top_k: 'x' as never } }),
      500,
      'option "top_k" must be of type integer',
    ],
  ] as const)('%s', async (_, call, status_code, error) => {
    await expect(call()).rejects.toMatchObject({ name: 'ResponseError', status_code, error })
  })
})

test('create from an uploaded file with progress, copy and delete', async () => {
  const [digest] = await upload(server.url, [join(fixtures, 'tiny-chat-q8_0.gguf')])
  const statuses: string[] = []
  for await (const { status } of await client.create({
    model: 'made',
    files: { 'tiny.gguf': digest! },
    system: 'You are Tiny.',
    stream: true,
  } as Parameters<typeof client.create>[0] & { stream: true })) {
    statuses.push(status)
  }
  expect(statuses[0]).toBe('parsing GGUF')
  expect(statuses.at(-1)).toBe('success')
  expect(await client.create({ model: 'made-2', from: 'made' })).toEqual({ status: 'success' })
  expect(await client.copy({ source: 'made', destination: 'made-3' })).toEqual({ status: 'success' })
  for (const model of ['made', 'made-2', 'made-3']) {
    expect(await client.delete({ model })).toEqual({ status: 'success' })
  }
  expect((await client.list()).models.map(model => model.name)).toEqual(['hearth-demo:latest'])
})

test('version', async () => {
  expect(await client.version()).toEqual({ version: '0.1.0' })
})
