import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { weather } from './contract/inference.ts'
import {
  endlessAnswer,
  endlessOptions,
  fixtures,
  linesOf,
  post,
  startServer,
  type TestServer,
  upload,
} from './server.ts'
import { withTemplate } from './with-template.ts'

/**
 * The API contract over HTTP with the real engine, as far as it takes several requests or several looks at an answer;
 * what one request and its answer show stands in contract-table.test.ts.
 */

let server: TestServer
const ask = (path: string, body: object | string, method = 'POST') => post(server.url, path, body, method)

/** The body of an answer. */
const told = async (path: string, body: object) => JSON.parse(await (await ask(path, body)).text())

const got = async (path: string) => JSON.parse(await (await fetch(server.url + path)).text())

/** Status, type and body of an answer. */
const whole = async (path: string, body: object | string, method = 'POST') => {
  const response = await ask(path, body, method)
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type'), text }
}
const failure = async (path: string, body: object | string, method = 'POST') => {
  const { status, type, text } = await whole(path, body, method)
  expect(type).toMatch(/^application\/json/)
  return [status, JSON.parse(text).error]
}

/** Everything that comes back to a request written byte by byte. */
const raw = (text: string) =>
  new Promise<string>(resolve => {
    let received = ''
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8').on('data', data => {
      received += data
    })
    socket.on('end', () => resolve(received))
  })

const capital = [{ role: 'user', content: 'What is the capital of France?' }]
const longMessages = [{ role: 'user', content: 'Count from 1 to 30. '.repeat(80) }]

beforeAll(async () => {
  server = await startServer()
  const paths = [
    join(fixtures, 'tiny-embed.gguf'),
    join(fixtures, 'tiny-chat-q8_0.gguf'),
    await withTemplate(join(fixtures, 'tiny-chat-q8_0.gguf'), server.models),
  ]
  const [embed, chat, plain] = await upload(server.url, paths)
  for (const body of [
    { model: 'plain', files: { 'plain.gguf': plain } },
    { model: 'filling', files: { 'plain.gguf': plain }, template: '<P>{{ .Prompt }}<S>{{ .Suffix }}<M>' },
    { model: 'bert', files: { 'tiny-embed.gguf': embed } },
    {
      model: 'spoken',
      files: { 'tiny-chat.gguf': chat },
      system: 'You are Tiny.',
      parameters: { num_predict: 3, temperature: 0 },
    },
    { model: 'wrong-parameters', files: { 'tiny-chat.gguf': chat }, parameters: { top_k: 'many' } },
  ]) {
    expect(await whole('/api/create', { ...body, stream: false })).toMatchObject({
      status: 200,
      text: '{"status":"success"}',
    })
  }
})
afterAll(() => server.close())

describe('§0 transport', () => {
  test('no Server header, a date, HTTP/1.1, and a body without a line break', async () => {
    const text = await raw('GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).not.toMatch(/\r\nServer:/i)
    expect(text).toMatch(/\r\nDate: /i)
    expect(text).toMatch(/\r\n\r\n\{"version":"0\.1\.0"\}$/)
  })

  test('moments: UTC with up to nine digits in answers, local with an offset in lists', async () => {
    const chat = await told('/api/chat', { model: 'hearth-demo', messages: [] })
    expect(chat.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)
    expect(Math.abs(Date.parse(chat.created_at) - Date.now())).toBeLessThan(60_000)
    const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
    expect((await got('/api/tags')).models[0].modified_at).toMatch(local)
    expect((await told('/api/show', { model: 'hearth-demo' })).modified_at).toMatch(local)
    expect((await got('/api/ps')).models[0].expires_at).toMatch(local)
  })
})

describe('§0 hostile bodies end as JSON, and the next request is answered', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  test.each([
    ['more depth than Go allows', '['.repeat(2_000_000)],
    [
      'a deep format',
      `{"model":"hearth-demo","messages":[{"role":"user","content":"hi"}],"format":{"type":${deep(9000)}}}`,
    ],
    [
      'deep options',
      `{"model":"hearth-demo","messages":[{"role":"user","content":"hi"}],"options":{"stop":${deep(9000)}}}`,
    ],
    [
      'a deep schema',
      `{"model":"hearth-demo","messages":[{"role":"user","content":"hi"}],"format":${'{"type":"array","items":'.repeat(4000)}{}${'}'.repeat(4000)}}`,
    ],
    [
      'deep arguments of a call',
      `{"model":"hearth-demo","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"a":${deep(9000)}}}}]}],"options":{"num_predict":1}}`,
    ],
    [
      'deep tools',
      `{"model":"hearth-demo","messages":[{"role":"user","content":"hi"}],"options":{"num_predict":1},"tools":[{"type":"function","function":{"name":"f","parameters":${'{"properties":{"a":'.repeat(3000)}{}${'}}'.repeat(3000)}}}]}`,
    ],
    [
      'a role of a megabyte',
      JSON.stringify({
        model: 'hearth-demo',
        messages: [{ role: 'x'.repeat(1e6), content: '' }],
        options: { num_predict: 1 },
      }),
    ],
    ['a name of a megabyte', JSON.stringify({ model: 'x'.repeat(1e6) })],
    [
      'a thousand stop strings',
      JSON.stringify({
        model: 'hearth-demo',
        messages: capital,
        options: { num_predict: 1, stop: Array.from({ length: 1000 }, String) },
      }),
    ],
  ])('%s', async (_, body) => {
    const { type, text } = await whole('/api/chat', body)
    expect(type).toMatch(/^application\/(json|x-ndjson)/)
    for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object')
    const next = await told('/api/chat', { model: 'hearth-demo', messages: capital, think: false, stream: false })
    expect(next.message.content).toContain('Paris')
  })
})

describe('§0.1 and §0.2 who may ask', () => {
  /** An answer's head to a GET with these headers; fetch would not send them. */
  const head = (headers: string, method = 'GET') =>
    raw(`${method} /api/version HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`)

  test.each([
    ['Host: localhost', /^HTTP\/1.1 200 /],
    ['Host: evil.example', /^HTTP\/1.1 403 [\s\S]*\r\n\r\n$/],
    ['Host: localhost\r\nOrigin: https://evil.example', /^HTTP\/1.1 403 [\s\S]*\r\n\r\n$/],
    [
      'Host: localhost\r\nOrigin: http://localhost:3000',
      /^HTTP\/1.1 200 [\s\S]*access-control-allow-origin: http:\/\/localhost:3000\r\n/i,
    ],
  ])('%s', async (headers, expected) => {
    expect(await head(headers)).toMatch(expected)
  })

  test('a preflight', async () => {
    expect(await head('Host: localhost\r\nOrigin: app://x', 'OPTIONS')).toMatch(
      /^HTTP\/1.1 204 [\s\S]*access-control-allow-methods: GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS\r\n/i,
    )
  })
})

describe('§2.1 model names', () => {
  test('are found in any case, with and without the tag and :local, and told back as sent', async () => {
    for (const model of ['HEARTH-demo', 'hearth-demo:LATEST', 'library/hearth-demo', ' hearth-demo:local']) {
      expect(await told('/api/chat', { model, messages: [] })).toMatchObject({
        model,
        done_reason: 'load',
      })
    }
  })
})

describe('§2.2 keep_alive', () => {
  const expiry = async () => {
    const { models } = await got('/api/ps')
    const at = models.find((model: { name: string }) => model.name === 'hearth-demo:latest')?.expires_at
    return at === undefined ? undefined : (Date.parse(at) - Date.now()) / 1000
  }
  const load = async (keep_alive?: unknown) => {
    expect((await ask('/api/generate', { model: 'hearth-demo', keep_alive })).status).toBe(200)
    return expiry()
  }

  test('a number of seconds, a duration, for ever, and what was set before when it is not named', async () => {
    await ask('/api/generate', { model: 'hearth-demo', keep_alive: 0 })
    await expect.poll(expiry).toBeUndefined()
    expect(await load()).toSatisfy(seconds => seconds > 290 && seconds <= 300)
    expect(await load(60)).toSatisfy(seconds => seconds > 50 && seconds <= 60)
    expect(await load()).toSatisfy(seconds => seconds > 50 && seconds <= 60)
    expect(await load('1h30m')).toSatisfy(seconds => seconds > 5390 && seconds <= 5400)
    expect(await load(-1)).toSatisfy(seconds => seconds > 200 * 365 * 86_400)
    expect(await load('5m')).toSatisfy(seconds => seconds > 290 && seconds <= 300)
  })

  test('0 with a prompt runs, then unloads', async () => {
    const body = { model: 'hearth-demo', messages: capital, keep_alive: 0, think: false, stream: false }
    expect((await told('/api/chat', body)).message.content).toContain('Paris')
    await expect.poll(expiry).toBeUndefined()
  })
})

describe('§2.3 options', () => {
  test('a model’s own wrong parameters are, too', async () => {
    expect(await failure('/api/generate', { model: 'wrong-parameters', prompt: 'x' })).toEqual([
      500,
      'option "top_k" must be of type integer',
    ])
  })

  test('unknown ones and null are ignored, fractions cut, the request’s win over the model’s', async () => {
    const limit = async (options?: object) => {
      const body = { model: 'spoken', messages: capital, think: false, stream: false, options }
      return (await told('/api/chat', body)) as { eval_count: number; done_reason: string }
    }
    expect(await limit()).toMatchObject({ eval_count: 3, done_reason: 'length' })
    expect(await limit({ num_predict: null, mirostat: 2, nonsense: 'x' })).toMatchObject({ eval_count: 3 })
    expect(await limit({ num_predict: 5.9 })).toMatchObject({ eval_count: 5, done_reason: 'length' })
  })

  test('another context size reloads, another temperature does not', async () => {
    const duration = async (options: object) => {
      const body = { model: 'hearth-demo', messages: capital, think: false, stream: false, options }
      await told('/api/chat', body)
      const { models } = await got('/api/ps')
      return models.find((model: { name: string }) => model.name === 'hearth-demo:latest').context_length
    }
    expect(await duration({ num_ctx: 512 })).toBe(512)
    expect(await duration({ temperature: 1 })).toBe(512)
    expect(await duration({ num_ctx: 1024 })).toBe(1024)
    expect(await duration({ num_ctx: 1_000_000 })).toBe(2048)
  })
})

describe('§2.4 format', () => {
  const formatted = async (format: unknown) => {
    const content = 'Percival has a hamster and is 38 years old. Respond as JSON.'
    const options = { num_predict: 60 }
    const body = {
      model: 'hearth-demo',
      messages: [{ role: 'user', content }],
      think: false,
      stream: false,
      format,
      options,
    }
    return (await told('/api/chat', body)).message.content as string
  }

  test('"json" gives JSON', async () => {
    expect(JSON.parse(await formatted('json'))).toBeTypeOf('object')
  })

  test('a schema gives what it asks for', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
    }
    expect(JSON.parse(await formatted(schema))).toEqual({ name: expect.any(String), age: expect.any(Number) })
  })
})

describe('§2.5 think', () => {
  test('a model that can thinks unless told not to, and its thoughts are apart from its answer', async () => {
    const answer = async (think?: unknown) => {
      const body = { model: 'hearth-demo', messages: capital, think, stream: false }
      return (await told('/api/chat', body)).message as { content: string; thinking?: string }
    }
    for (const think of [undefined, true, 'low']) {
      const { content, thinking } = await answer(think)
      expect(content).toContain('Paris')
      expect(content).not.toContain('think>')
      expect(thinking).toMatch(/\w/)
    }
    expect(await answer(false)).toEqual({ role: 'assistant', content: expect.stringContaining('Paris') })
  })
})

test('§2.7 more waiting than allowed is told as busy', async () => {
  const busy = await startServer({ OLLAMA_MAX_QUEUE: '0' })
  try {
    const response = await post(busy.url, '/api/generate', { model: 'hearth-demo' })
    expect([response.status, await response.text()]).toEqual([
      503,
      '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
    ])
  } finally {
    await busy.close()
  }
})

describe('§2.8 truncate and shift', () => {
  const tooLong = /^the prompt is longer than the context length currently available to the model/

  test('a history that does not fit loses its oldest, unless that is forbidden', async () => {
    const messages = [...longMessages, { role: 'assistant', content: 'ok' }, ...capital]
    const body = { model: 'hearth-demo', messages, think: false, options: { num_ctx: 128 }, stream: false }
    expect((await told('/api/chat', body)).message.content).toContain('Paris')
    const [status, error] = await failure('/api/chat', { ...body, truncate: false, shift: false })
    expect([status, error]).toEqual([400, expect.stringMatching(tooLong)])
  })

  test('without shift an answer ends where the context does', async () => {
    const body = { model: 'hearth-demo', prompt: 'Count from 1 to 30', system: 'Be brief. '.repeat(25), think: false }
    const answer = await told('/api/generate', { ...body, shift: false, stream: false, options: { num_ctx: 256 } })
    expect(answer.done_reason).toBe('length')
    expect(answer.prompt_eval_count + answer.eval_count).toBeLessThanOrEqual(257)
  })
})

describe('§2.9 log probabilities', () => {
  test('come with each piece, and joined in a whole answer', async () => {
    const body = { model: 'hearth-demo', messages: capital, think: false, logprobs: true, top_logprobs: 3 }
    const whole = (await told('/api/chat', { ...body, stream: false })) as {
      eval_count: number
      logprobs: unknown[]
    }
    expect(whole.logprobs.length).toBeGreaterThanOrEqual(whole.eval_count - 1)
    for (const entry of whole.logprobs as {
      token: string
      logprob: number
      bytes: number[]
      top_logprobs: unknown[]
    }[]) {
      expect(entry.logprob).toBeLessThanOrEqual(0)
      expect(Buffer.from(entry.bytes).toString()).toBe(entry.token)
      expect(entry.top_logprobs).toHaveLength(3)
    }
    const lines = await linesOf<{ logprobs?: object[] }>(await ask('/api/chat', body))
    expect(lines[0]!.logprobs?.[0]).toHaveProperty('top_logprobs')
    const none = await linesOf(await ask('/api/chat', { ...body, logprobs: false }))
    expect(none.every(line => !('logprobs' in line))).toBe(true)
  })
})

describe('§3 generate', () => {
  const prompt = 'What is the capital of France?'

  test('as a stream: pieces, then the costs and the context', async () => {
    const response = await ask('/api/generate', { model: 'hearth-demo', prompt, think: false })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    const lines = await linesOf<{ response: string; context: number[] }>(response)
    expect(lines.length).toBeGreaterThan(3)
    expect(Object.keys(lines[0]!)).toEqual(['model', 'created_at', 'response', 'done'])
    expect(lines.map(line => line.response).join('')).toContain('Paris')
    const last = lines.at(-1)!
    expect(Object.keys(last).filter(key => key !== 'load_duration')).toEqual([
      'model',
      'created_at',
      'response',
      'done',
      'done_reason',
      'context',
      'total_duration',
      'prompt_eval_count',
      'prompt_eval_duration',
      'eval_count',
      'eval_duration',
    ])
    expect(last).toMatchObject({ response: '', done: true, done_reason: 'stop' })
    expect(last.context.every(Number.isInteger)).toBe(true)
  })

  test('goes on from a context: what was said stands before the prompt', async () => {
    const first = await told('/api/generate', {
      model: 'hearth-demo',
      prompt: 'My name is Lena.',
      think: false,
      stream: false,
    })
    const body = { model: 'hearth-demo', prompt: 'What is my name?', think: false, context: first.context }
    const { rendered_template } = (await told('/api/generate', { ...body, _debug_render_only: true }))._debug_info
    expect(rendered_template).toMatch(/^<\|im_start\|>user\nMy name is Lena\.<\|im_end\|>[\s\S]*What is my name\?/)
    expect(rendered_template).toContain(first.response)
    const second = await told('/api/generate', { ...body, stream: false })
    expect(second.prompt_eval_count).toBeGreaterThan(first.context.length)
  })

  test('raw sends the prompt as it is and tells no context', async () => {
    const text =
      '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n'
    const answer = await told('/api/generate', { model: 'hearth-demo', prompt: text, raw: true, stream: false })
    expect(answer.response).toContain('Paris')
    expect(answer).not.toHaveProperty('context')
  })

  test('the same seed gives the same text', async () => {
    const answer = async (seed: number) => {
      const body = { model: 'hearth-demo', prompt: 'Tell me a story', think: false, stream: false }
      const options = { seed, temperature: 1.5, num_predict: 30 }
      return (await told('/api/generate', { ...body, options })).response as string
    }
    expect(await answer(42)).toBe(await answer(42))
    expect(new Set([await answer(1), await answer(2), await answer(3)]).size).toBeGreaterThan(1)
  })
})

describe('§4 chat', () => {
  test('as a stream: pieces, then the costs', async () => {
    const lines = await linesOf<{ message: { role: string; content: string } }>(
      await ask('/api/chat', { model: 'hearth-demo', messages: capital, think: false }),
    )
    expect(Object.keys(lines[0]!)).toEqual(['model', 'created_at', 'message', 'done'])
    expect(lines.every(line => line.message.role === 'assistant' && 'content' in line.message)).toBe(true)
    expect(lines.map(line => line.message.content).join('')).toContain('Paris')
    expect(lines.at(-1)).toMatchObject({ message: { content: '' }, done: true, done_reason: 'stop' })
    expect(lines.at(-1)).not.toHaveProperty('context')
  })

  test('remembers what was said', async () => {
    const messages = [
      { role: 'user', content: 'My name is Lena.' },
      { role: 'assistant', content: 'Nice to meet you, Lena!' },
      { role: 'USER', content: 'What is my name?' },
    ]
    const answer = await told('/api/chat', { model: 'hearth-demo', messages, think: false, stream: false })
    expect(answer.message.content).toContain('Lena')
  })

  const question = [{ role: 'user', content: 'What is the weather today in Paris?' }]

  test('calls a tool, whole, in a stream and at once', async () => {
    interface Line {
      message: {
        content: string
        tool_calls?: { id: string; function: { index: number; name: string; arguments: object } }[]
      }
      done_reason?: string
    }
    const body = { model: 'hearth-demo', messages: question, tools: [weather], think: false }
    const lines = await linesOf<Line>(await ask('/api/chat', body))
    const calls = lines.flatMap(line => line.message.tool_calls ?? [])
    expect(calls).toHaveLength(1)
    expect(calls[0]!.function).toMatchObject({
      name: 'get_current_weather',
      arguments: { location: expect.stringContaining('Paris') },
    })
    expect(lines.every(line => !line.message.content.includes('tool_call'))).toBe(true)
    expect(lines.at(-1)!.done_reason).toBe('stop')
    const whole = (await told('/api/chat', { ...body, stream: false })) as Line
    expect(whole.message.tool_calls?.[0]?.function.name).toBe('get_current_weather')
  })

  test('answers from a tool’s result', async () => {
    const call = { function: { name: 'get_current_weather', arguments: { location: 'Paris', format: 'celsius' } } }
    const messages = [
      ...question,
      { role: 'assistant', content: '', tool_calls: [call] },
      {
        role: 'tool',
        content: '{"temperature": 22, "unit": "celsius", "condition": "sunny"}',
        tool_name: 'get_current_weather',
      },
    ]
    const body = { model: 'hearth-demo', messages, tools: [weather], think: false, stream: false }
    const answer = await told('/api/chat', body)
    expect(answer.message.content).toMatch(/22|sunny/)
  })
})

describe('a client that leaves', () => {
  test('frees its slot at once', async () => {
    const leaving = new AbortController()
    const endless = { format: endlessAnswer, options: endlessOptions }
    const body = JSON.stringify({ model: 'hearth-demo', prompt: 'Count from 1 to 30', raw: true, ...endless })
    const response = await fetch(`${server.url}/api/generate`, { method: 'POST', body, signal: leaving.signal })
    await response.body!.getReader().read()
    leaving.abort()
    const next = await told('/api/chat', { model: 'hearth-demo', messages: capital, think: false, stream: false })
    expect(next.message.content).toContain('Paris')
  })
})

describe('§6 tags', () => {
  test('every model with its facts, the last changed first', async () => {
    const { models } = await got('/api/tags')
    const demo = models.find((model: { name: string }) => model.name === 'hearth-demo:latest')
    expect(demo).toEqual({
      name: 'hearth-demo:latest',
      model: 'hearth-demo:latest',
      modified_at: expect.any(String),
      size: expect.any(Number),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '2.73M',
        quantization_level: 'Q8_0',
        context_length: 2048,
        embedding_length: 192,
      },
      capabilities: ['completion', 'tools', 'thinking'],
    })
    const times = models.map((model: { modified_at: string }) => Math.floor(Date.parse(model.modified_at) / 1000))
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a))
    expect(models.find((model: { name: string }) => model.name === 'bert:latest').capabilities).toEqual(['embedding'])
  })
})

describe('§7 show', () => {
  test('a model, by either field', async () => {
    for (const body of [{ model: 'spoken' }, { name: 'SPOKEN', template: 'ignored', verbose: false }]) {
      const shown = await told('/api/show', body)
      expect(shown).toMatchObject({
        system: 'You are Tiny.',
        parameters: 'num_predict                    3\ntemperature                    0',
        details: { family: 'llama', parent_model: '' },
        capabilities: ['completion', 'tools', 'thinking'],
      })
      expect(shown.modelfile).toContain('# FROM spoken:latest\n\nFROM /')
      expect(shown.model_info['tokenizer.ggml.tokens']).toBeNull()
      expect(shown.tensors.length).toBeGreaterThan(10)
    }
  })
})

describe('§8 ps', () => {
  test('tells the memory of what is loaded', async () => {
    await ask('/api/chat', { model: 'hearth-demo', messages: [] })
    const { models } = await got('/api/ps')
    const loaded = models.find((model: { name: string }) => model.name === 'hearth-demo:latest')
    expect(Object.keys(loaded)).toEqual([
      'name',
      'model',
      'size',
      'digest',
      'details',
      'expires_at',
      'size_vram',
      'context_length',
    ])
    expect(loaded.size).toBeGreaterThan(2_900_000)
    expect(loaded.size_vram).toBeLessThanOrEqual(loaded.size)
  })
})

describe('§9 blobs, copy and delete', () => {
  const digest = 'sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0'

  test.each([
    ['HEAD', digest, undefined, 404, ''],
    ['HEAD', 'sha256:1', undefined, 400, ''],
    ['POST', 'sha256:1', 'aaa', 400, '{"error":"invalid digest format"}'],
    [
      'POST',
      `sha256:${'0'.repeat(64)}`,
      'aaa',
      400,
      `{"error":"digest mismatch, expected \\"sha256:${'0'.repeat(64)}\\", got \\"${digest}\\""}`,
    ],
    ['HEAD', digest, undefined, 200, ''],
    ['POST', digest, 'aaa', 200, ''],
  ] as const)('%s %s', async (method, name, body, status, text) => {
    const response = await fetch(`${server.url}/api/blobs/${name}`, { method, body })
    expect([response.status, await response.text()]).toEqual([status, text])
  })

  test('a copy is a name, and goes without its model', async () => {
    expect(await whole('/api/copy', { source: 'spoken', destination: 'mike/spoken:2' })).toEqual({
      status: 200,
      type: null,
      text: '',
    })
    expect((await told('/api/show', { model: 'mike/spoken:2' })).system).toBe('You are Tiny.')
    expect(await whole('/api/delete', { model: 'mike/spoken:2' }, 'DELETE')).toEqual({
      status: 200,
      type: null,
      text: '',
    })
    expect((await told('/api/show', { model: 'spoken' })).system).toBe('You are Tiny.')
  })
})

describe('§9 create', () => {
  test('a template that Go cannot parse is refused', async () => {
    const [status, error] = await failure('/api/create', {
      model: 'x',
      from: 'hearth-demo',
      template: '{{ if }}',
      stream: false,
    })
    expect(status).toBe(400)
    expect(error).toMatch(/^template error: template: :1: /)
    const unknown = await failure('/api/create', { model: 'x', from: 'hearth-demo', template: '{{ x }}' })
    expect(unknown).toEqual([400, 'template error: template: :1: function "x" not defined'])
  })

  // ollama-rs takes each for a line, and fails at two together.
  test('tells each step in a chunk of its own', async () => {
    const body = JSON.stringify({ model: 'stepwise', from: 'hearth-demo' })
    const head = `Host: localhost\r\nConnection: close\r\nContent-Length: ${body.length}`
    const answer = await raw(`POST /api/create HTTP/1.1\r\n${head}\r\n\r\n${body}`)
    expect(answer).toMatch(/\r\n\r\n(?:[0-9a-f]+\r\n\{.*\}\n\r\n){4,}0\r\n\r\n$/)
    expect((await ask('/api/delete', { model: 'stepwise' }, 'DELETE')).status).toBe(200)
  })

  test('from another model: its own system prompt is heard', async () => {
    const body = { model: 'pirate', from: 'hearth-demo', system: 'S!', stream: false }
    expect((await whole('/api/create', body)).text).toBe('{"status":"success"}')
    const rendered = await told('/api/chat', { model: 'pirate', messages: capital, _debug_render_only: true })
    expect(rendered._debug_info.rendered_template).toContain('S!')
    expect((await ask('/api/delete', { model: 'pirate' }, 'DELETE')).status).toBe(200)
    expect(await failure('/api/chat', { model: 'pirate' })).toEqual([404, "model 'pirate' not found"])
  })
})
