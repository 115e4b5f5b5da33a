import { join } from 'node:path'
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServeProcess, startServeProcess } from '../serve-process.ts'
import { endlessAnswer, fixtures, post, upload, withMortalEngines } from '../server.ts'
import { withTemplate } from '../with-template.ts'

/** The Responses API of OpenAI's own client, unchanged, against `npm run serve`. */

type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>
type Item = OpenAI.Responses.ResponseInputItem

const clientOf = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'ollama', maxRetries: 0 })
let server: ServeProcess
let client: OpenAI
const model = 'hearth-demo'
const quick = { model, temperature: 0, reasoning: { effort: 'none' } } as const
const capital = 'What is the capital of France?'
/** Goes on until it is stopped. */
const endless = {
  max_output_tokens: 100_000,
  text: { format: { type: 'json_schema', name: 'text', schema: endlessAnswer } },
} as const

beforeAll(async () => {
  server = await startServeProcess()
  client = clientOf(server.url)
  const [plain] = await upload(server.url, [await withTemplate(join(fixtures, 'tiny-chat-q8_0.gguf'), server.models)])
  const made = await post(server.url, '/api/create', { model: 'plain', files: { 'p.gguf': plain }, stream: false })
  expect(made.status).toBe(200)
})
afterAll(() => server.close())

/** The same request answered at once, and as the client sums up its stream. */
const forms: [string, (params: Params) => Promise<OpenAI.Responses.Response>][] = [
  ['at once', params => client.responses.create(params)],
  ['as a stream', params => client.responses.stream(params).finalResponse()],
]

describe.each(forms)('%s', (_, ask) => {
  test('a text is answered', async () => {
    const response = await ask({ ...quick, input: capital })
    expect(response).toMatchObject({ object: 'response', status: 'completed', model, error: null })
    expect(response.id).toMatch(/^resp_\d+$/)
    expect(response.output_text).toContain('Paris')
    expect(response.usage!.input_tokens).toBeGreaterThan(5)
    expect(response.usage!.total_tokens).toBe(response.usage!.input_tokens + response.usage!.output_tokens)
  })

  test('a conversation is remembered, and its last output can be its next input', async () => {
    const first: Item[] = [{ role: 'user', content: [{ type: 'input_text', text: 'My name is Lena.' }] }]
    const answer = await ask({ ...quick, input: first })
    const next: Item[] = [...first, ...answer.output, { role: 'user', content: 'What is my name?' }] as Item[]
    expect((await ask({ ...quick, input: next })).output_text).toContain('Lena')
  })

  test('instructions are obeyed', async () => {
    const instructions = 'You are an assistant named Cornelius.'
    const response = await ask({ ...quick, instructions, input: 'What is your name?' })
    expect(response.output_text).toContain('Cornelius')
    expect(response.instructions).toBe(instructions)
  })

  test('max_output_tokens ends an answer, whose status stays completed', async () => {
    const response = await ask({ ...quick, max_output_tokens: 4, input: 'Count from 1 to 30' })
    expect(response).toMatchObject({ status: 'completed', usage: { output_tokens: 4 }, max_output_tokens: 4 })
  })

  test('thinking is an item before the message, and can be sent back', async () => {
    const thinking = { ...quick, reasoning: { effort: 'medium' } } as const
    const response = await ask({ ...thinking, input: 'Why is the sky blue?' })
    expect(response.output.map(item => item.type)).toEqual(['reasoning', 'message'])
    const [reasoning] = response.output as [OpenAI.Responses.ResponseReasoningItem]
    expect(reasoning.summary[0]!.text.length).toBeGreaterThan(10)
    expect(response.output_text).not.toContain('think>')
    const input = [{ role: 'user', content: 'Hi' }, ...response.output, { role: 'user', content: capital }] as Item[]
    expect((await ask({ ...quick, input })).output_text).toContain('Paris')
  })

  test('tools are called, and their results used', async () => {
    const parameters = {
      type: 'object',
      properties: { location: { type: 'string' }, format: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['location', 'format'],
    }
    const tools: OpenAI.Responses.Tool[] = [
      {
        type: 'function',
        name: 'get_current_weather',
        description: 'Get the current weather',
        parameters,
        strict: false,
      },
    ]
    const question: Item = { role: 'user', content: 'What is the weather like in Paris in degrees celsius?' }
    const called = await ask({ ...quick, tools, input: [question] })
    const call = called.output.find(item => item.type === 'function_call')!
    expect(call).toMatchObject({ name: 'get_current_weather', status: 'completed' })
    expect(JSON.parse(call.arguments)).toEqual({ location: 'Paris', format: 'celsius' })
    const output = '{"temperature": 22, "unit": "celsius", "condition": "sunny"}'
    const result: Item = { type: 'function_call_output', call_id: call.call_id, output }
    const answer = await ask({ ...quick, tools, input: [question, ...called.output, result] as Item[] })
    expect(answer.output_text).toMatch(/22|sunny/)
  })

  test('structured output obeys its schema', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    }
    const input = 'Percival has a hamster and is 38 years old. Respond as JSON.'
    for (const format of [
      { type: 'json_schema', name: 'person', schema, strict: true },
      { type: 'json_object' },
    ] as const) {
      const response = await ask({ ...quick, input, text: { format } })
      expect(JSON.parse(response.output_text)).toMatchObject({ age: expect.any(Number) })
      expect(response.text).toEqual({ format })
    }
  })

  test.each([
    ['a model nobody has', NotFoundError, { model: 'nobody', input: 'Hi' }, "model 'nobody' not found"],
    ['a name that is none', BadRequestError, { model: 'a b', input: 'Hi' }, 'invalid model name'],
    [
      'an item of no type',
      BadRequestError,
      { model, input: [{ role: 'user', content: 'Hi' }, { id: 'x' }] },
      "input[1]: input item missing required 'type' field",
    ],
    [
      'thinking of a model that cannot',
      BadRequestError,
      { model: 'plain', input: 'Hi', reasoning: { effort: 'high' } },
      '"plain" does not support thinking',
    ],
  ] as const)('%s is an error of the client’s own class', async (_name, kind, params, message) => {
    const error = await ask(params as unknown as Params).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(kind)
    expect((error as Error).message).toContain(message)
  })
})

test('events come in order, numbered, and end with the whole', async () => {
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of await client.responses.create({ ...quick, input: capital, stream: true }))
    events.push(event)
  expect(events.map(event => event.sequence_number)).toEqual(events.map((_, index) => index))
  const types = events.map(event => event.type)
  expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  const deltas = events.flatMap(event => (event.type === 'response.output_text.delta' ? [event.delta] : []))
  expect(deltas.length).toBeGreaterThan(3)
  const last = events.at(-1) as OpenAI.Responses.ResponseCompletedEvent
  expect(last.response.output).toMatchObject([{ content: [{ text: deltas.join('') }] }])
})

test('an abort ends the stream and leaves the server ready', async () => {
  const stream = client.responses.stream({ ...quick, ...endless, input: 'Tell me a story.' })
  let pieces = 0
  stream.on('response.output_text.delta', () => {
    if (++pieces === 3) stream.abort()
  })
  await expect(stream.finalResponse()).rejects.toBeInstanceOf(APIUserAbortError)
  expect((await client.responses.create({ ...quick, input: capital })).output_text).toContain('Paris')
})

test('an engine that dies in the middle of a stream is told as a failed response', () =>
  withMortalEngines(async (url, kill) => {
    const client = clientOf(url)
    const params = {
      model,
      temperature: 0,
      ...endless,
      input: 'Count from 1 to 30',
      stream: true,
    } as const
    const events: OpenAI.Responses.ResponseStreamEvent[] = []
    for await (const event of await client.responses.create(params)) {
      if (events.push(event) === 5) kill()
    }
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      sequence_number: events.length - 1,
      response: {
        status: 'failed',
        error: {
          code: 'server_error',
          message: expect.stringMatching(/an error was encountered while running the model/),
        },
      },
    })
    expect((await client.responses.create({ ...quick, input: capital })).output_text).toContain('Paris')
  }))
