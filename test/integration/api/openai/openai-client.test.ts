import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import OpenAI, { APIError, APIUserAbortError, BadRequestError, NotFoundError } from 'openai'
import { LengthFinishReasonError } from 'openai/core/error'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ServeProcess, startServeProcess } from '../serve-process.ts'
import { endlessAnswer, fixtures, post, upload, withMortalEngines } from '../server.ts'
import { withTemplate } from '../with-template.ts'

/** OpenAI's own client, unchanged, against `npm run serve`. */

const clientOf = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'ollama', maxRetries: 0 })
let server: ServeProcess
let client: OpenAI
const model = 'hearth-demo'
/** Greedy, and without thinking, which the demo model else does first. */
const quick = { model, temperature: 0, reasoning_effort: 'none' } as const
const user = (content: string) => ({ role: 'user', content }) as const
const capital = [user('What is the capital of France?')]

beforeAll(async () => {
  server = await startServeProcess()
  client = clientOf(server.url)
  const [embed, plain] = await upload(server.url, [
    join(fixtures, 'tiny-embed.gguf'),
    await withTemplate(join(fixtures, 'tiny-chat-q8_0.gguf'), server.models),
  ])
  for (const [name, digest] of Object.entries({ bert: embed, plain })) {
    const made = await post(server.url, '/api/create', { model: name, files: { 'm.gguf': digest }, stream: false })
    expect(made.status).toBe(200)
  }
})
afterAll(() => server.close())

const weather = (name: string, run: (place: { location: string; format: string }) => string) => ({
  type: 'function' as const,
  function: {
    name,
    description: 'Get the current weather',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string' }, format: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['location', 'format'],
    },
    parse: JSON.parse,
    function: run,
  },
})

describe('chat', () => {
  test('at once', async () => {
    const answer = await client.chat.completions.create({ ...quick, messages: capital })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } })
    expect(answer.choices[0]!.message.content).toContain('Paris')
    expect(answer.model).toBe(model)
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage!
    expect(prompt_tokens + completion_tokens).toBe(total_tokens)
    expect(completion_tokens).toBeGreaterThan(5)
    expect(Math.abs(answer.created * 1000 - Date.now())).toBeLessThan(60_000)
  })

  test('as a stream that is put together again, with its usage', async () => {
    const stream = client.chat.completions.stream({
      ...quick,
      messages: capital,
      stream_options: { include_usage: true },
    })
    const pieces: string[] = []
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '')
    const whole = await stream.finalChatCompletion()
    expect(whole.choices[0]!.message.content).toBe(pieces.join(''))
    expect(whole.choices[0]!.message.content).toContain('Paris')
    expect(pieces.filter(piece => piece !== '').length).toBeGreaterThan(3)
    expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(5)
  })

  test('remembers what was said before, and obeys a system message of parts', async () => {
    const answer = await client.chat.completions.create({
      ...quick,
      messages: [
        user('My name is Lena.'),
        { role: 'assistant', content: 'Nice to meet you, Lena!' },
        { role: 'user', content: [{ type: 'text', text: 'What is my name?' }] },
      ],
    })
    expect(answer.choices[0]!.message.content).toContain('Lena')
  })

  test('tells what the model thinks beside what it says', async () => {
    const answer = await client.chat.completions.create({ model, temperature: 0, seed: 1, messages: capital })
    const message = answer.choices[0]!.message as OpenAI.ChatCompletionMessage & { reasoning?: string }
    expect(message.reasoning).toMatch(/capital/)
    expect(message.content).toContain('Paris')
    expect(message.content).not.toContain('<think>')
  })

  test('ends at a number of tokens, and at a stop string', async () => {
    const short = await client.chat.completions.create({ ...quick, messages: capital, max_tokens: 2 })
    expect(short.choices[0]!.finish_reason).toBe('length')
    expect(short.usage!.completion_tokens).toBe(2)
    const stopped = await client.chat.completions.create({ ...quick, messages: capital, stop: ' is' })
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'The capital of France' } })
  })

  test('is the same twice for one seed, at the temperature of 1 that stands when none is asked for', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() =>
        client.chat.completions.create({
          model,
          reasoning_effort: 'none',
          seed: 42,
          messages: [user('Tell me a story.')],
          max_tokens: 30,
        }),
      ),
    )
    expect(first!.choices[0]!.message.content).toBe(second!.choices[0]!.message.content)
  })

  test('with log probabilities, at once and as a stream', async () => {
    const wanted = { ...quick, messages: capital, logprobs: true, top_logprobs: 2, max_tokens: 4 }
    const answer = await client.chat.completions.create(wanted)
    const tokens = answer.choices[0]!.logprobs!.content!
    expect(tokens.map(({ token }) => token).join('')).toBe(answer.choices[0]!.message.content)
    for (const { token, logprob, bytes, top_logprobs } of tokens) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(Buffer.from(bytes!).toString()).toBe(token)
      expect(top_logprobs).toHaveLength(2)
    }
    // The client's own way of putting a stream together tells the first token twice.
    const streamed: OpenAI.ChatCompletionTokenLogprob[] = []
    for await (const { choices } of await client.chat.completions.create({ ...wanted, stream: true })) {
      streamed.push(...(choices[0]!.logprobs?.content ?? []))
    }
    expect(streamed).toEqual(tokens)
  })
})

describe('tools', () => {
  const question = [user('What is the weather like in Marrakesh in degrees fahrenheit?')]

  test.each([false, true])('are run and their result told, streamed: %s', async stream => {
    const asked: object[] = []
    const run = (place: object) => {
      asked.push(place)
      return '16 people'
    }
    const wish = { ...quick, messages: question, tools: [weather('get_current_weather', run)] }
    const runner = client.chat.completions.runTools({ ...wish, stream } as typeof wish & { stream: false })
    expect(await runner.finalContent()).toContain('16')
    expect(asked).toEqual([{ location: 'Marrakesh', format: 'fahrenheit' }])
    const [first] = runner.allChatCompletions()
    expect(first!.choices[0]!.finish_reason).toBe('tool_calls')
    expect(first!.choices[0]!.message.tool_calls![0]!.id).toMatch(/^call_[a-z0-9]{8}$/)
  })

  test('are called two at once in a stream, each whole', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'check_weather',
          description: 'Returns the weather',
          parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
        },
      },
    ]
    const messages = [user("What's the weather like in Valencia and Bristol?")]
    const stream = client.chat.completions.stream({ ...quick, messages, tools })
    const { choices } = await stream.finalChatCompletion()
    const calls = choices[0]!.message.tool_calls!
    expect(calls.map(call => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
      { location: 'Valencia' },
      { location: 'Bristol' },
    ])
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
  })
})

test('a picture is seen by a model with a projector, whatever stands first', async () => {
  const [weights, projector] = await upload(server.url, [
    join(fixtures, 'tiny-chat-q8_0.gguf'),
    join(fixtures, 'mmproj-tiny.gguf'),
  ])
  const files = { 'm.gguf': weights, 'mmproj.gguf': projector }
  const made = await post(server.url, '/api/create', { model: 'seer', files, stream: false })
  expect(made.status).toBe(200)
  const jpeg = await readFile(join(fixtures, '..', 'pictures', 'red-circle.jpg'))
  const picture = {
    type: 'image_url' as const,
    image_url: { url: `data:image/jpeg;base64,${jpeg.toString('base64')}` },
  }
  const question = { type: 'text' as const, text: 'What is in this picture?' }
  for (const content of [
    [picture, question],
    [question, picture],
  ]) {
    const answer = await client.chat.completions.create({
      ...quick,
      model: 'seer',
      max_tokens: 40,
      messages: [{ role: 'user', content }],
    })
    expect(answer.choices[0]!.message.content).toMatch(/red circle/)
  }
  expect((await post(server.url, '/api/delete', { model: 'seer' }, 'DELETE')).status).toBe(200)
})

describe('structured output', () => {
  const person = [user('Nikolai is 5 years old, works as a gardener and lives in Stuttgart. Respond using JSON.')]

  test('is parsed by the client', async () => {
    const schema = z.object({ name: z.string(), city: z.string() })
    const answer = await client.chat.completions.parse({
      ...quick,
      messages: person,
      response_format: zodResponseFormat(schema, 'person'),
    })
    expect(answer.choices[0]!.message.parsed).toEqual({ name: 'Nikolai', city: 'Stuttgart' })
  })

  test('of any JSON object', async () => {
    const answer = await client.chat.completions.create({
      ...quick,
      messages: person,
      max_tokens: 200,
      response_format: { type: 'json_object' },
    })
    expect(JSON.parse(answer.choices[0]!.message.content!)).toBeTypeOf('object')
  })

  test('that is cut off is known to the client', async () => {
    const schema = z.object({ name: z.string(), city: z.string() })
    const cut = client.chat.completions.parse({
      ...quick,
      messages: person,
      max_tokens: 3,
      response_format: zodResponseFormat(schema, 'person'),
    })
    await expect(cut).rejects.toBeInstanceOf(LengthFinishReasonError)
  })
})

describe('abort', () => {
  /** Goes on until it is stopped. */
  const long = {
    ...quick,
    max_tokens: 100_000,
    messages: [user('Count from 1 to 30')],
    response_format: { type: 'json_schema' as const, json_schema: { name: 'text', schema: endlessAnswer } },
  }

  test('of a stream, and of an answer at once, leaves the model to the next request', async () => {
    const stream = await client.chat.completions.create({ ...long, stream: true })
    let chunks = 0
    let ended: string | null | undefined
    for await (const { choices } of stream) {
      ended = choices[0]?.finish_reason
      if (++chunks === 3) stream.controller.abort()
    }
    // Some pieces were on their way already, and not the end.
    expect(ended).toBeNull()
    const controller = new AbortController()
    const whole = client.chat.completions.create(long, { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(whole).rejects.toBeInstanceOf(APIUserAbortError)
    const next = await client.chat.completions.create({ ...quick, messages: capital })
    expect(next.choices[0]!.message.content).toContain('Paris')
  })
})

describe('completions', () => {
  test('at once, and as a stream', async () => {
    const wish = { model, prompt: 'What is the capital of France?', temperature: 0 }
    const whole = await client.completions.create(wish)
    expect(whole.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop' })
    expect(whole.choices[0]!.text).toContain('Paris')
    let text = ''
    let usage: OpenAI.CompletionUsage | undefined
    const stream = await client.completions.create({ ...wish, stream: true, stream_options: { include_usage: true } })
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? ''
      usage = chunk.usage ?? usage
    }
    expect(text).toBe(whole.choices[0]!.text)
    expect(usage).toEqual(whole.usage)
  })
})

describe('embeddings', () => {
  const input = [
    'The cat sleeps on the sofa.',
    'A kitten is resting on the rug.',
    'The bank raised the price of loans.',
  ]
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

  test('which the client asks for as base64, are those it gets as numbers', async () => {
    const decoded = await client.embeddings.create({ model: 'bert', input })
    const listed = await client.embeddings.create({ model: 'bert', input, encoding_format: 'float' })
    expect(decoded.data.map(({ index }) => index)).toEqual([0, 1, 2])
    for (const [index, { embedding }] of decoded.data.entries()) {
      expect(embedding.map(Math.fround)).toEqual(listed.data[index]!.embedding.map(Math.fround))
    }
    const [cat, kitten, bank] = decoded.data.map(({ embedding }) => embedding) as [number[], number[], number[]]
    expect(dot(cat, cat)).toBeCloseTo(1, 5)
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, bank))
    expect(decoded.usage.prompt_tokens).toBeGreaterThan(20)
  })

  test('of fewer dimensions', async () => {
    const { data } = await client.embeddings.create({ model: 'bert', input: 'It rains.', dimensions: 8 })
    expect(data[0]!.embedding).toHaveLength(8)
    expect(dot(data[0]!.embedding, data[0]!.embedding)).toBeCloseTo(1, 5)
  })
})

test('models are listed and found', async () => {
  const ids: string[] = []
  for await (const { id } of client.models.list()) ids.push(id)
  expect(ids.sort()).toEqual(['bert:latest', 'hearth-demo:latest', 'plain:latest'])
  expect(await client.models.retrieve('bert')).toMatchObject({ id: 'bert', object: 'model', owned_by: 'library' })
})

describe('errors are the client’s own', () => {
  const ask = (more: object) =>
    client.chat.completions.create({
      ...quick,
      messages: capital,
      ...more,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming)

  test.each<[string, () => Promise<unknown>, abstract new (...given: never[]) => APIError, string]>([
    ['no such model', () => ask({ model: 'nobody' }), NotFoundError, "model 'nobody' not found"],
    [
      'no such model, as a stream',
      () => ask({ model: 'nobody', stream: true }),
      NotFoundError,
      "model 'nobody' not found",
    ],
    ['no messages', () => ask({ messages: [] }), BadRequestError, "[] is too short - 'messages'"],
    ['no such effort', () => ask({ reasoning_effort: 'much' }), BadRequestError, 'invalid reasoning value: "much"'],
    ['a model that only embeds', () => ask({ model: 'bert' }), BadRequestError, '"bert" does not support chat'],
    [
      'a model that cannot think',
      () => ask({ model: 'plain', reasoning_effort: 'high' }),
      BadRequestError,
      '"plain" does not support thinking',
    ],
    [
      'a model without tools',
      () => ask({ model: 'plain', tools: [weather('f', () => '')] }),
      BadRequestError,
      'registry.ollama.ai/library/plain:latest does not support tools',
    ],
    [
      'a schema that cannot be obeyed',
      () =>
        ask({ response_format: { type: 'json_schema', json_schema: { schema: { type: 'string', pattern: '(' } } } }),
      BadRequestError,
      'invalid JSON schema in format at #/pattern: the regular expression "(" cannot be used',
    ],
    [
      'a wrong type',
      () => ask({ temperature: 'warm' }),
      BadRequestError,
      'json: cannot unmarshal string into Go struct',
    ],
    [
      'no such model to embed with',
      () => client.embeddings.create({ model: 'nobody', input: 'a' }),
      NotFoundError,
      'model "nobody" not found, try pulling it first',
    ],
    [
      'tokens to embed',
      () => client.embeddings.create({ model: 'bert', input: [1, 2] }),
      BadRequestError,
      'invalid input type',
    ],
    [
      'no such model to retrieve',
      () => client.models.retrieve('nobody'),
      NotFoundError,
      "model 'nobody:latest' not found",
    ],
  ])('%s', async (_, call, kind, message) => {
    const error = await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(kind)
    const { status } = error as APIError
    expect((error as APIError).message.startsWith(`${status} ${message}`)).toBe(true)
    const type = status === 404 ? 'not_found_error' : 'invalid_request_error'
    expect((error as APIError).error).toMatchObject({ type, param: null, code: null })
  })

  test('a picture for a model that cannot see', async () => {
    const url =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'
    const content = [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'What is in this picture?' },
    ]
    await expect(ask({ messages: [{ role: 'user', content }] })).rejects.toThrow('image input is not supported')
  })

  test('an engine that dies in the middle of a stream', () =>
    withMortalEngines(async (url, kill) => {
      const client = clientOf(url)
      const stream = await client.chat.completions.create({
        ...quick,
        max_tokens: 100_000,
        messages: [user('Count from 1 to 1000')],
        response_format: { type: 'json_schema', json_schema: { name: 'text', schema: endlessAnswer } },
        stream: true,
      })
      let chunks = 0
      const reading = (async () => {
        for await (const _ of stream) if (++chunks === 2) kill()
      })()
      await expect(reading).rejects.toBeInstanceOf(APIError)
      await expect(reading).rejects.toThrow(/an error was encountered while running the model/)
      const next = await client.chat.completions.create({ ...quick, messages: capital })
      expect(next.choices[0]!.message.content).toContain('Paris')
    }))
})

test('a zstd body is read on /v1', async () => {
  // What `zstd -19` makes of a question for the capital of France.
  const body = Buffer.from(
    'KLUv/QRo9QIAkocWEZB9ErGDCLI4xN/iXoIoZj4h23/S6cOxpa19chNOetVbD2g7+TWVLaBREBWGVS3wD4MLAVbP+HA8H0+6PLj9m334R2pdn+H3nbr3pQen8pl42Kp/Pjw+o9J1ADQxt5I=',
    'base64',
  )
  const headers = { 'content-encoding': 'zstd' }
  const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body, headers })
  expect(await response.text()).toContain('Paris')
})
