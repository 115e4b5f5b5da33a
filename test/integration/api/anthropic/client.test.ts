import { connect } from 'node:net'
import { join } from 'node:path'
import Anthropic, { APIError, APIUserAbortError, BadRequestError, NotFoundError } from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServeProcess, startServeProcess } from '../serve-process.ts'
import { endlessAnswer, fixtures, post, upload, withMortalEngines } from '../server.ts'
import { withTemplate } from '../with-template.ts'

/** Anthropic's own client, unchanged, against `npm run serve`. */

const clientOf = (url: string) => new Anthropic({ baseURL: url, apiKey: 'ollama', maxRetries: 0 })
let server: ServeProcess
let client: Anthropic
const model = 'hearth-demo'
const greedy = { model, max_tokens: 600, temperature: 0 }
const user = (content: string): Anthropic.MessageParam => ({ role: 'user', content })
const capital = user('What is the capital of France?')
const quick = { ...greedy, thinking: { type: 'disabled' } } as const
/** Goes on until it is stopped. */
const endless = {
  max_tokens: 100_000,
  output_config: { format: { type: 'json_schema' as const, schema: endlessAnswer } },
}

beforeAll(async () => {
  server = await startServeProcess()
  client = clientOf(server.url)
  const [plain] = await upload(server.url, [await withTemplate(join(fixtures, 'tiny-chat-q8_0.gguf'), server.models)])
  const made = await post(server.url, '/api/create', { model: 'plain', files: { 'p.gguf': plain }, stream: false })
  expect(made.status).toBe(200)
})
afterAll(() => server.close())

const textOf = ({ content }: Anthropic.Message): string =>
  content.map(block => (block.type === 'text' ? block.text : '')).join('')

/** Names the step that hangs, where the limit of the whole test would not. */
async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

describe('chat', () => {
  test('at once', async () => {
    const message = await client.messages.create({ ...quick, messages: [capital] })
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model, stop_reason: 'end_turn' })
    expect(message.id).toMatch(/^msg_[0-9a-f]{24}$/)
    expect(textOf(message)).toContain('Paris')
    expect(message.usage.input_tokens).toBeGreaterThan(5)
    expect(message.usage.output_tokens).toBeGreaterThan(3)
  })

  test('remembers what was said, in texts and blocks', async () => {
    const message = await client.messages.create({
      ...quick,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'My name is Lena.', cache_control: { type: 'ephemeral' } }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Nice to meet you, Lena!' }] },
        { role: 'user', content: 'What is my name?' },
      ],
    })
    expect(textOf(message)).toContain('Lena')
  })

  test('obeys a system prompt, as a text and in blocks', async () => {
    const blocks = [
      { type: 'text', text: 'You are an assistant ' },
      { type: 'text', text: 'named Cornelius.', cache_control: { type: 'ephemeral' } },
    ] as const
    for (const system of ['You are an assistant named Cornelius.', [...blocks]]) {
      const message = await client.messages.create({ ...quick, system, messages: [user('What is your name?')] })
      expect(textOf(message)).toContain('Cornelius')
    }
  })

  test('ends at max_tokens and at a stop sequence', async () => {
    const count = user('Count from 1 to 30')
    const short = await client.messages.create({ ...quick, max_tokens: 4, messages: [count] })
    expect(short).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 4 } })
    const stopped = await client.messages.create({ ...quick, stop_sequences: ['7'], messages: [count] })
    expect(stopped.stop_reason).toBe('end_turn')
    expect(textOf(stopped)).toMatch(/6\D*$/)
  })
})

describe('a stream', () => {
  test('tells its events in order, and the client’s own sum of them is the answer at once', async () => {
    const stream = client.messages.stream({ ...quick, messages: [capital] })
    const types: string[] = []
    stream.on('streamEvent', event => types.push(event.type))
    const pieces: string[] = []
    stream.on('text', text => pieces.push(text))
    const message = await stream.finalMessage()
    expect(pieces.length).toBeGreaterThan(3)
    expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    const whole = await client.messages.create({ ...quick, messages: [capital] })
    expect(textOf(message)).toBe(textOf(whole))
    expect(message.usage).toMatchObject(whole.usage)
    expect(message.stop_reason).toBe('end_turn')
  })

  test('aborted by the client ends at once and leaves the server ready', async () => {
    const stream = client.messages.stream({ ...quick, ...endless, messages: [user('Tell me a story.')] })
    let pieces = 0
    stream.on('text', () => {
      if (++pieces === 3) stream.abort()
    })
    const ended = stream.finalMessage()
    await expect(within(180_000, 'the aborted stream ends', ended)).rejects.toBeInstanceOf(APIUserAbortError)
    const next = client.messages.create({ ...quick, messages: [capital] })
    expect(textOf(await within(180_000, 'the next question is answered', next))).toContain('Paris')
  })

  test('of several clients at once keeps them apart', async () => {
    const cities = { France: 'Paris', Japan: 'Tokyo', Italy: 'Rome' }
    await Promise.all(
      Object.entries(cities).map(async ([country, city]) => {
        const content = `What is the capital of ${country}?`
        const stream = client.messages.stream({ ...quick, messages: [user(content)] })
        expect(textOf(await stream.finalMessage())).toContain(city)
      }),
    )
  })
})

describe('thinking', () => {
  const messages = [user('Why is the sky blue?')]

  test('comes in a block of its own before the text, in both forms', async () => {
    const body = { ...greedy, thinking: { type: 'enabled', budget_tokens: 1024 } as const, messages }
    const streamed = await client.messages.stream(body).finalMessage()
    const whole = await client.messages.create(body)
    for (const { content } of [streamed, whole]) {
      expect(content.map(block => block.type)).toEqual(['thinking', 'text'])
      expect((content[0] as Anthropic.ThinkingBlock).thinking.length).toBeGreaterThan(10)
      // @ai-sdk/anthropic takes no message without it.
      expect((content[0] as Anthropic.ThinkingBlock).signature).toBe('')
      expect((content[1] as Anthropic.TextBlock).text).not.toContain('think>')
    }
    expect(streamed.content).toEqual(whole.content)
  })

  test('is on unless switched off, as for every client of a model that thinks', async () => {
    const { content } = await client.messages.create({ ...greedy, messages })
    expect(content[0]?.type).toBe('thinking')
  })

  test('of a model that cannot think is dropped without a word', async () => {
    const message = await client.messages.create({
      model: 'plain',
      max_tokens: 3,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      output_config: { effort: 'high' },
      messages: [user('Once')],
    })
    expect(message.usage.output_tokens).toBeGreaterThan(0)
  })
})

describe('tools', () => {
  const tools: Anthropic.Tool[] = [
    {
      name: 'get_current_weather',
      description: 'Get the current weather',
      input_schema: {
        type: 'object',
        properties: { location: { type: 'string' }, format: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
        required: ['location', 'format'],
      },
    },
  ]
  const question = user('What is the weather like in Paris in degrees celsius?')

  test.each(['whole', 'stream'])('are called and their results used, %s', async form => {
    const ask = (messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> =>
      form === 'stream'
        ? client.messages.stream({ ...quick, tools, messages }).finalMessage()
        : client.messages.create({ ...quick, tools, messages })
    const called = await ask([question])
    expect(called.stop_reason).toBe('tool_use')
    const call = called.content.find(block => block.type === 'tool_use')!
    expect(call).toMatchObject({ name: 'get_current_weather', input: { location: 'Paris', format: 'celsius' } })
    expect(call.id).toMatch(/^call_[a-z0-9]{8}$/)
    const content = '{"temperature": 22, "unit": "celsius", "condition": "sunny"}'
    const answer = await ask([
      question,
      { role: 'assistant', content: called.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: content }] }],
      },
    ])
    expect(answer.stop_reason).toBe('end_turn')
    expect(textOf(answer)).toMatch(/22|sunny/)
  })
})

test('structured output obeys its schema', async () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
    additionalProperties: false,
  }
  const message = await client.messages.create({
    ...quick,
    messages: [user('Percival has a hamster and is 38 years old. Respond as JSON.')],
    output_config: { format: { type: 'json_schema', schema } },
  })
  expect(JSON.parse(textOf(message))).toEqual({ name: expect.any(String), age: expect.any(Number) })
})

describe('errors are the client’s own classes', () => {
  const messages = [capital]
  test.each([
    [
      'a model nobody has',
      NotFoundError,
      { model: 'nobody', max_tokens: 5, messages },
      'not_found_error',
      "model 'nobody' not found",
    ],
    [
      'a name that is none',
      BadRequestError,
      { model: 'a b', max_tokens: 5, messages },
      'invalid_request_error',
      'invalid model name',
    ],
    [
      'no max_tokens',
      BadRequestError,
      { model, max_tokens: 0, messages },
      'invalid_request_error',
      'max_tokens is required and must be positive',
    ],
    [
      'tools for a model without',
      BadRequestError,
      { model: 'plain', max_tokens: 5, messages, tools: [{ name: 'f', input_schema: { type: 'object' } }] },
      'invalid_request_error',
      'registry.ollama.ai/library/plain:latest does not support tools',
    ],
  ] as const)('%s', async (_, kind, body, type, apiMessage) => {
    const params = body as unknown as Anthropic.MessageCreateParamsNonStreaming
    for (const ask of [() => client.messages.create(params), () => client.messages.stream(params).finalMessage()]) {
      const error = await ask().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(kind)
      expect(error).toMatchObject({ type, apiMessage })
    }
  })
})

test('an engine that dies in the middle of a stream is told as an error, and the next question is answered', () =>
  withMortalEngines(async (url, kill) => {
    const client = clientOf(url)
    const stream = client.messages.stream({ ...greedy, ...endless, messages: [user('Count from 1 to 30')] })
    let pieces = 0
    stream.on('streamEvent', () => {
      if (++pieces === 5) kill()
    })
    const error = await stream.finalMessage().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({
      type: 'api_error',
      apiMessage: expect.stringMatching(/an error was encountered while running the model/),
    })
    expect(textOf(await client.messages.create({ ...quick, messages: [capital] }))).toContain('Paris')
  }))

test('the beta client, which adds a query, is answered alike', async () => {
  const { content } = await client.beta.messages.create({ ...quick, messages: [{ role: 'user', content: 'Hi' }] })
  expect(content[0]?.type).toBe('text')
})

test('an HTTP/1.0 client gets the whole stream and its end', async () => {
  const body = JSON.stringify({ ...quick, stream: true, messages: [capital] })
  const received = await new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write(
        `POST /v1/messages HTTP/1.0\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    })
    socket.setEncoding('utf8').on('data', data => {
      text += data
    })
    socket.on('end', () => resolve(text)).on('error', reject)
  })
  expect(received).toMatch(/\r\ncontent-type: text\/event-stream\r\n/i)
  expect(received.trimEnd().endsWith('data: {"type":"message_stop"}')).toBe(true)
})
