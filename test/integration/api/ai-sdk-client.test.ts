import { join } from 'node:path'
import { embed, embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { cosineSimilarity, createOllama, OllamaError } from 'ai-sdk-ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ServeProcess, startServeProcess } from './serve-process.ts'
import { endlessAnswer, endlessOptions, fixtures, post, upload } from './server.ts'

/** Vercel's AI SDK with its Ollama provider, unchanged, against `npm run serve`. */

let server: ServeProcess
let ollama: ReturnType<typeof createOllama>
/** Greedy, and without thinking, which the demo model else does first. */
const quick = () => ({ model: ollama('hearth-demo', { think: false }), temperature: 0, maxRetries: 0 })
const capital = 'What is the capital of France?'

beforeAll(async () => {
  server = await startServeProcess()
  ollama = createOllama({ baseURL: server.url })
  const [digest] = await upload(server.url, [join(fixtures, 'tiny-embed.gguf')])
  const made = await post(server.url, '/api/create', { model: 'bert', files: { 'e.gguf': digest }, stream: false })
  expect(made.status).toBe(200)
})
afterAll(() => server.close())

test('an answer at once, with its usage', async () => {
  const { text, finishReason, usage } = await generateText({ ...quick(), prompt: capital })
  expect(text).toContain('Paris')
  expect(finishReason).toBe('stop')
  expect(usage.outputTokens).toBeGreaterThan(5)
})

test('an answer that met its limit', async () => {
  const { finishReason } = await generateText({ ...quick(), prompt: capital, maxOutputTokens: 2 })
  expect(finishReason).toBe('length')
})

test('a stream', async () => {
  const answer = streamText({ ...quick(), prompt: capital })
  const pieces: string[] = []
  for await (const piece of answer.textStream) pieces.push(piece)
  expect(pieces.length).toBeGreaterThan(3)
  expect(pieces.join('')).toContain('Paris')
  expect(await answer.finishReason).toBe('stop')
  expect((await answer.usage).inputTokens).toBeGreaterThan(5)
})

test('thinking beside the answer', async () => {
  const model = ollama('hearth-demo', { think: true })
  const { text, reasoningText } = await generateText({ ...quick(), model, prompt: capital })
  expect(reasoningText).toMatch(/capital/)
  expect(text).toContain('Paris')
})

test('tools are run, and their result is told in the next step', async () => {
  const asked: object[] = []
  const weather = tool({
    description: 'Get the current weather',
    inputSchema: z.object({ location: z.string(), format: z.enum(['celsius', 'fahrenheit']) }),
    execute: async place => {
      asked.push(place)
      return '16 people'
    },
  })
  const { text, steps } = await generateText({
    ...quick(),
    prompt: 'What is the weather like in Marrakesh in degrees fahrenheit?',
    tools: { get_current_weather: weather },
    stopWhen: stepCountIs(3),
  })
  expect(asked).toEqual([{ location: 'Marrakesh', format: 'fahrenheit' }])
  expect(steps).toHaveLength(2)
  expect(text).toContain('16')
})

test('structured output', async () => {
  const { output } = await generateText({
    ...quick(),
    prompt: 'Nikolai is 5 years old, works as a gardener and lives in Stuttgart. Respond using JSON.',
    output: Output.object({ schema: z.object({ name: z.string(), city: z.string() }) }),
  })
  expect(output).toEqual({ name: 'Nikolai', city: 'Stuttgart' })
})

test('abort', async () => {
  const controller = new AbortController()
  const answer = streamText({
    ...quick(),
    model: ollama('hearth-demo', { think: false, format: endlessAnswer, options: endlessOptions }),
    prompt: capital,
    abortSignal: controller.signal,
    onError: () => {},
  })
  let pieces = 0
  const kinds: string[] = []
  for await (const { type } of answer.fullStream) {
    kinds.push(type)
    if (type === 'text-delta' && ++pieces === 3) controller.abort()
  }
  expect(kinds.at(-1)).toBe('abort')
  expect((await generateText({ ...quick(), prompt: capital })).text).toContain('Paris')
})

test('embeddings: related texts lie closer', async () => {
  const model = ollama.embedding('bert')
  const values = ['A kitten is resting on the rug.', 'The bank raised the price of loans.']
  const [query, { embeddings }] = await Promise.all([
    embed({ model, value: 'The cat sleeps on the sofa.', maxRetries: 0 }),
    embedMany({ model, values, maxRetries: 0 }),
  ])
  expect(query.usage.tokens).toBeGreaterThan(5)
  const [kitten, bank] = embeddings.map(vector => cosineSimilarity(query.embedding, vector))
  expect(kitten).toBeGreaterThan(bank!)
})

describe('errors are the provider’s own', () => {
  test.each([
    ['no such model', () => generateText({ ...quick(), model: ollama('nobody'), prompt: 'a' }), 'not found'],
    [
      'a model that only embeds',
      () => generateText({ ...quick(), model: ollama('bert'), prompt: 'a' }),
      '"bert" does not support chat',
    ],
    [
      'no such model to embed with',
      () => embed({ model: ollama.embedding('nobody'), value: 'a', maxRetries: 0 }),
      'model "nobody" not found, try pulling it first',
    ],
  ] as const)('%s', async (_, call, message) => {
    const error = await (call() as Promise<unknown>).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OllamaError)
    expect((error as OllamaError).message).toContain(message)
  })
})
