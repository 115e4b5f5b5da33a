import { join } from 'node:path'
import { AIMessage, type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOllama, Ollama, OllamaEmbeddings } from '@langchain/ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ServeProcess, startServeProcess } from './serve-process.ts'
import { fixtures, post, upload } from './server.ts'

/** LangChain's Ollama integration, unchanged, against `npm run serve`. */

let server: ServeProcess
const model = 'hearth-demo'
const capital = [new HumanMessage('What is the capital of France?')]
const chat = (more: object = {}) =>
  new ChatOllama({ baseUrl: server.url, model, temperature: 0, think: false, maxRetries: 0, ...more })

beforeAll(async () => {
  server = await startServeProcess()
  const [embed] = await upload(server.url, [join(fixtures, 'tiny-embed.gguf')])
  const made = await post(server.url, '/api/create', { model: 'bert', files: { 'e.gguf': embed }, stream: false })
  expect(made.status).toBe(200)
})
afterAll(() => server.close())

test('an answer at once, with its usage', async () => {
  const answer = await chat().invoke(capital)
  expect(answer.content).toContain('Paris')
  const { input_tokens, output_tokens, total_tokens } = answer.usage_metadata!
  expect(output_tokens).toBeGreaterThan(5)
  expect(total_tokens).toBe(input_tokens + output_tokens)
  expect(answer.response_metadata).toMatchObject({ model, done_reason: 'stop' })
})

test('a stream, whose pieces put together are the answer', async () => {
  let whole: AIMessageChunk | undefined
  let pieces = 0
  for await (const piece of await chat().stream(capital)) {
    whole = whole ? whole.concat(piece) : piece
    pieces++
  }
  expect(pieces).toBeGreaterThan(3)
  expect(whole!.content).toContain('Paris')
  expect(whole!.usage_metadata!.output_tokens).toBeGreaterThan(5)
})

test('thinking beside the answer', async () => {
  const answer = await chat({ think: true }).invoke(capital)
  expect(answer.additional_kwargs.reasoning_content).toMatch(/capital/)
  expect(answer.content).toContain('Paris')
})

test('tools: the call, then the answer made of their result', async () => {
  const asked: object[] = []
  const weather = tool(
    place => {
      asked.push(place)
      return '16 people'
    },
    {
      name: 'get_current_weather',
      description: 'Get the current weather',
      schema: z.object({ location: z.string(), format: z.enum(['celsius', 'fahrenheit']) }),
    },
  )
  const bound = chat().bindTools([weather])
  const question = new HumanMessage('What is the weather like in Marrakesh in degrees fahrenheit?')
  const called = await bound.invoke([question])
  expect(called.tool_calls).toMatchObject([
    { name: 'get_current_weather', args: { location: 'Marrakesh', format: 'fahrenheit' } },
  ])
  const result = await weather.invoke({ ...called.tool_calls![0]!, type: 'tool_call' })
  expect(result).toBeInstanceOf(ToolMessage)
  expect(asked).toEqual([{ location: 'Marrakesh', format: 'fahrenheit' }])
  const answer = await bound.invoke([question, new AIMessage({ ...called }), result as ToolMessage])
  expect(answer.content).toContain('16')
})

test('structured output', async () => {
  const person = chat().withStructuredOutput(z.object({ name: z.string(), city: z.string() }), { method: 'jsonSchema' })
  expect(
    await person.invoke('Nikolai is 5 years old, works as a gardener and lives in Stuttgart. Respond using JSON.'),
  ).toEqual({ name: 'Nikolai', city: 'Stuttgart' })
})

test('abort', async () => {
  const controller = new AbortController()
  let pieces = 0
  const reading = (async () => {
    const long = [new HumanMessage('Count from 1 to 1000')]
    for await (const _ of await chat().stream(long, { signal: controller.signal })) {
      if (++pieces === 3) controller.abort()
    }
  })()
  await expect(reading).rejects.toThrow(/abort/i)
  expect((await chat().invoke(capital)).content).toContain('Paris')
})

test('text without a conversation', async () => {
  const text = new Ollama({ baseUrl: server.url, model, temperature: 0, maxRetries: 0 })
  expect(await text.invoke('What is the capital of France?')).toContain('Paris')
})

test('embeddings: related texts lie closer', async () => {
  const embeddings = new OllamaEmbeddings({ baseUrl: server.url, model: 'bert', maxRetries: 0 })
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)
  const query = await embeddings.embedQuery('The cat sleeps on the sofa.')
  const [kitten, bank] = await embeddings.embedDocuments([
    'A kitten is resting on the rug.',
    'The bank raised the price of loans.',
  ])
  expect(dot(query, kitten!)).toBeGreaterThan(dot(query, bank!))
  expect(dot(query, query)).toBeCloseTo(1, 5)
})

describe('errors are those of the client beneath', () => {
  test.each([
    ['no such model', () => chat({ model: 'nobody' }).invoke(capital), 404, "model 'nobody' not found"],
    ['a model that only embeds', () => chat({ model: 'bert' }).invoke(capital), 400, '"bert" does not support chat'],
    [
      'no such model to embed with',
      () => new OllamaEmbeddings({ baseUrl: server.url, model: 'nobody', maxRetries: 0 }).embedQuery('a'),
      404,
      'model "nobody" not found, try pulling it first',
    ],
  ] as const)('%s', async (_, call, status_code, error) => {
    await expect(call()).rejects.toMatchObject({ name: 'ResponseError', status_code, error })
  })
})
