import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draw, redCircle } from '../pictures.ts'
import { fixtures, linesOf, post, startServer, type TestServer, upload } from './server.ts'

/**
 * The example requests that pages on Ollama's API show, sent as they stand there. The models they name are copies of
 * the demo model; what they ask is more than it knows, so only what every model must give is expected.
 */

const picture = draw([redCircle]).toString('base64')

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const names = ['tiny-chat-q8_0.gguf', 'mmproj-tiny.gguf']
  const digests = await upload(
    server.url,
    names.map(name => join(fixtures, name)),
  )
  const files = Object.fromEntries(names.map((name, index) => [name, digests[index]]))
  await post(server.url, '/api/create', { model: 'llava', files, stream: false })
  const template = '<P>{{ .Prompt }}<S>{{ .Suffix }}<M>'
  await post(server.url, '/api/create', { model: 'codellama:code', from: 'hearth-demo', template, stream: false })
  const copies = { 'hearth-demo': ['llama3.2', 'llama3.1:8b', 'mistral', 'gpt-3.5-turbo'], llava: ['gpt-4'] }
  for (const [source, destinations] of Object.entries(copies)) {
    for (const destination of destinations) await post(server.url, '/api/copy', { source, destination })
  }
})
afterAll(() => server.close())

const final = {
  done: true,
  total_duration: expect.any(Number),
  prompt_eval_count: expect.any(Number),
  eval_count: expect.any(Number),
  eval_duration: expect.any(Number),
}

describe('/api/generate', () => {
  test.each([
    ['a stream', '{\n  "model": "llama3.2",\n  "prompt": "为什么天空是蓝色的?"\n}'],
    [
      'reproducible output',
      '{\n  "model": "mistral",\n  "prompt": "Why is the sky blue?",\n  "options": {\n    "seed": 123\n  }\n}',
    ],
  ])('%s', async (_, body) => {
    const lines = await linesOf(await post(server.url, '/api/generate', body))
    expect(lines.length).toBeGreaterThan(1)
    expect(lines[0]).toMatchObject({ response: expect.any(String), done: false })
    expect(lines.at(-1)).toMatchObject({ ...final, response: '', context: expect.any(Array) })
  })

  test.each([
    ['one object', '{"model": "llama3.2", "prompt": "Why is the sky blue?", "stream": false}'],
    ['one object in Chinese', '{\n  "model": "llama3.2",\n  "prompt": "为什么天空是蓝色的?",\n  "stream": false\n}'],
    [
      'a suffix',
      '{\n  "model": "codellama:code",\n  "prompt": "def compute_gcd(a, b):",\n  "suffix": "    return result",\n  "options": {\n    "temperature": 0\n  },\n  "stream": false\n}',
    ],
    [
      'a picture',
      `{\n  "model": "llava",\n  "prompt":"What is in this picture?",\n  "stream": false,\n  "images": ["${picture}"]\n}`,
    ],
    [
      'every option',
      `{
  "model": "llama3.2",
  "prompt": "Why is the sky blue?",
  "stream": false,
  "options": {
    "num_keep": 5, "seed": 42, "num_predict": 100, "top_k": 20, "top_p": 0.9, "min_p": 0.0, "typical_p": 0.7,
    "repeat_last_n": 33, "temperature": 0.8, "repeat_penalty": 1.2, "presence_penalty": 1.5,
    "frequency_penalty": 1.0, "penalize_newline": true, "stop": ["\\n", "user:"], "numa": false, "num_ctx": 1024,
    "num_batch": 2, "num_gpu": 1, "main_gpu": 0, "use_mmap": true, "num_thread": 8
  }
}`,
    ],
  ])('%s', async (_, body) => {
    const answer = await (await post(server.url, '/api/generate', body)).json()
    expect(answer).toMatchObject({
      ...final,
      model: JSON.parse(body).model,
      response: expect.any(String),
      done_reason: expect.any(String),
    })
  })

  test('raw', async () => {
    const body = '{"model": "mistral", "prompt": "[INST] why is the sky blue? [/INST]", "raw": true, "stream": false}'
    const answer = await (await post(server.url, '/api/generate', body)).json()
    expect(answer).toMatchObject(final)
    expect(answer).not.toHaveProperty('context')
  })

  test('structured output', async () => {
    const body = `{
  "model": "llama3.1:8b",
  "prompt": "Ollama is 22 years old and is busy saving the world. Respond using JSON",
  "stream": false,
  "format": {
    "type": "object",
    "properties": { "age": { "type": "integer" }, "available": { "type": "boolean" } },
    "required": ["age", "available"]
  }
}`
    const answer = JSON.parse(await (await post(server.url, '/api/generate', body)).text())
    expect(JSON.parse(answer.response)).toEqual({ age: expect.any(Number), available: expect.any(Boolean) })
  })

  test('JSON without a schema', async () => {
    const body =
      '{\n  "model": "llama3.2",\n  "prompt": "What color is the sky at different times of the day? Respond using JSON",\n  "format": "json",\n  "stream": false\n}'
    const answer = JSON.parse(await (await post(server.url, '/api/generate', body)).text())
    expect(JSON.parse(answer.response)).toBeTypeOf('object')
  })

  test('load and unload', async () => {
    expect(await (await post(server.url, '/api/generate', '{"model": "llama3.2"}')).json()).toEqual({
      model: 'llama3.2',
      created_at: expect.any(String),
      response: '',
      done: true,
      done_reason: 'load',
    })
    expect(
      await (await post(server.url, '/api/generate', '{"model": "llama3.2", "keep_alive": 0}')).json(),
    ).toMatchObject({
      done: true,
      done_reason: 'unload',
    })
  })
})

describe('/api/chat', () => {
  test.each([
    ['a stream', '{"model": "llama3.2","messages": [{"role": "user","content": "why is the sky blue?"}]\n}'],
    [
      'with history',
      '{"model": "llama3.2","messages": [{"role": "user","content": "why is the sky blue?"},{"role": "assistant","content": "due to rayleigh scattering."},{"role": "user","content": "how is that different than mie scattering?"}]\n}',
    ],
  ])('%s', async (_, body) => {
    const lines = await linesOf(await post(server.url, '/api/chat', body))
    expect(lines[0]).toMatchObject({ message: { role: 'assistant', content: expect.any(String) }, done: false })
    expect(lines.at(-1)).toMatchObject({ ...final, message: { role: 'assistant', content: '' } })
  })

  test('one object', async () => {
    const body =
      '{"model": "llama3.2","messages": [{"role": "user","content": "why is the sky blue?"}],"stream": false\n}'
    const answer = await (await post(server.url, '/api/chat', body)).json()
    expect(answer).toMatchObject({ ...final, message: { role: 'assistant', content: expect.stringMatching(/./) } })
  })

  test('a picture', async () => {
    const body = `{"model": "llava","stream": false,"messages": [{"role": "user","content": "what is in this image?","images": ["${picture}"]}]\n}`
    const answer = JSON.parse(await (await post(server.url, '/api/chat', body)).text())
    expect(answer).toMatchObject({ ...final, message: { role: 'assistant', content: expect.stringContaining('red') } })
  })

  // Ollama, too, takes the bytes alone.
  test('a picture as a data URL is refused', async () => {
    const body = `{\n    "model": "gpt-4",\n    "messages": [{"role": "user", "content": "你好,请帮我解答这个问题", "images": ["data:image/png;base64,${picture}"]}]\n}`
    const response = await post(server.url, '/api/chat', body)
    expect([response.status, await response.text()]).toEqual([400, '{"error":"illegal base64 data at input byte 4"}'])
  })

  test('reproducible output: the same twice', async () => {
    const body =
      '{"model": "llama3.2","stream": false,"messages": [{"role": "user","content": "Hello!"}],"options": {"seed": 101,"temperature": 0}\n}'
    const answers = await Promise.all(
      [1, 2].map(async () => JSON.parse(await (await post(server.url, '/api/chat', body)).text())),
    )
    expect(answers[0]).toMatchObject({ ...final, message: { role: 'assistant' } })
    expect(answers[0].message).toEqual(answers[1].message)
  })

  test('structured output', async () => {
    const body =
      '{"model": "llama3.2","messages": [{"role": "user", "content": "Ollama is 22 years old and busy saving the world. Return a JSON object with the age and availability."}],"stream": false,"format": {"type": "object","properties": {"age": {"type": "integer"},"available": {"type": "boolean"}},"required": ["age","available"]},"options": {"temperature": 0}\n}'
    const answer = JSON.parse(await (await post(server.url, '/api/chat', body)).text())
    expect(JSON.parse(answer.message.content)).toEqual({ age: expect.any(Number), available: expect.any(Boolean) })
  })

  test('tools', async () => {
    const body =
      '{"model": "llama3.2","messages": [{"role": "user","content": "What is the weather today in Paris?"}],"stream": false,"tools": [{"type": "function","function": {"name": "get_current_weather","description": "Get the current weather for a location","parameters": {"type": "object","properties": {"location": {"type": "string","description": "The location to get the weather for, e.g. San Francisco, CA"},"format": {"type": "string","description": "The format to return the weather in, e.g. \'celsius\' or \'fahrenheit\'","enum": ["celsius", "fahrenheit"]}},"required": ["location", "format"]}}}]\n}'
    const answer = JSON.parse(await (await post(server.url, '/api/chat', body)).text())
    expect(answer.message.tool_calls[0].function).toMatchObject({
      name: 'get_current_weather',
      arguments: { location: expect.stringContaining('Paris') },
    })
  })

  test('tools whose required names are not among the properties', async () => {
    const parameter = '{"type": "string", "description": "城市名称", "enum": ["北京", "上海", "广州"]}'
    const body = `{
    "model": "gpt-3.5-turbo",
    "messages": [{"role": "user", "content": "你好,你是谁?"}],
    "stream": false,
    "tools": [{"type": "function", "function": {"name": "get_current_weather", "description": "获取当前天气", "parameters": {
      "type": "object",
      "properties": {"property1": ${parameter}, "property2": ${parameter}},
      "required": ["location"]
    }}}]
}`
    expect(await (await post(server.url, '/api/chat', body)).json()).toMatchObject({
      ...final,
      message: { role: 'assistant' },
    })
  })

  test('a tool’s result that names its tool in a field of its own', async () => {
    const body =
      '{"model": "llama3.2","messages": [{"role": "user","content": "What is the weather today in Paris?"},{"role": "tool","name": "get_current_weather","parameters": {"location": "Paris","format": "celsius"},"content": "{\\"weather\\": [\\"description\\": \\"Clear\\", \\"temperature\\": 3]}"}],"stream": false\n}'
    expect(await (await post(server.url, '/api/chat', body)).json()).toMatchObject({
      ...final,
      message: { role: 'assistant' },
    })
  })

  test('load and unload', async () => {
    expect(await (await post(server.url, '/api/chat', '{"model": "llama3.2","messages": []\n}')).json()).toMatchObject({
      message: { role: 'assistant', content: '' },
      done_reason: 'load',
      done: true,
    })
    const body = '{"model": "llama3.2","messages": [],"keep_alive": 0\n}'
    expect(await (await post(server.url, '/api/chat', body)).json()).toMatchObject({
      done_reason: 'unload',
      done: true,
    })
  })
})
