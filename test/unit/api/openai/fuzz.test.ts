import { expect, test } from 'vitest'
import { fc } from '../../../properties.ts'
import { post, scriptedApi, telling } from '../scripted.ts'
import { delta, done } from './asking.ts'

const keys = [
  ...['model', 'messages', 'role', 'content', 'type', 'text', 'image_url', 'url', 'input_audio', 'data', 'name'],
  ...['tool_calls', 'function', 'arguments', 'tool_call_id', 'tools', 'parameters', 'properties', 'stop', 'stream'],
  ...['stream_options', 'include_usage', 'response_format', 'json_schema', 'schema', 'reasoning', 'effort', 'prompt'],
  ...['input', 'encoding_format', 'dimensions', 'max_tokens', 'top_logprobs', '__proto__', ''],
]
const words = [
  ...['text', 'image_url', 'input_audio', 'json_schema', 'json_object', 'user', 'tool', 'high', 'base64', 'function'],
  ...['data:image/png;base64,aGk=', 'http://a', '{}', '{"a":1}', '\ud800', ''],
]
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(...words),
    fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e39, 1e300),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
}))

/** Mostly absent. */
const rarely = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, value)

/** Parts and messages whose fields mostly fit. */
const part = fc.record(
  {
    type: fc.constantFrom('text', 'text', 'image_url', 'input_audio'),
    text: fc.constant('Hi'),
    image_url: fc.constantFrom<unknown>('data:;base64,aGk=', { url: 'data:image/png;base64,aGk=' }, { url: 'x' }),
    input_audio: fc.constantFrom<unknown>({ data: 'aGk=', format: 'wav' }, { data: '!' }),
  },
  { requiredKeys: ['type', 'text', 'image_url', 'input_audio'] },
)
const message = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'tool'),
    content: fc.oneof({ weight: 8, arbitrary: fc.constant('Hi') }, fc.array(part, { maxLength: 2 }), value),
    tool_calls: fc.array(
      fc.record({
        id: fc.constant('1'),
        function: fc.record({ name: fc.constant('f'), arguments: fc.constantFrom('{}', '{}', '[') }),
      }),
      { maxLength: 2 },
    ),
    tool_call_id: fc.constantFrom('1', '2', ''),
  },
  { requiredKeys: ['role', 'content'] },
)

const bodies = fc.oneof(value, {
  weight: 4,
  arbitrary: fc.record(
    {
      model: fc.constant('m'),
      messages: fc.array(message, { minLength: 1, maxLength: 2 }),
      prompt: fc.constant('Hi'),
      input: fc.oneof(fc.constant('Hi'), fc.array(fc.constant('a'), { maxLength: 3 }), value),
      stream: fc.boolean(),
      stream_options: fc.constantFrom(null, { include_usage: true }),
      response_format: rarely,
      stop: value,
      tools: rarely,
    },
    { requiredKeys: ['model', 'messages', 'prompt', 'input', 'stream'] },
  ),
})

// A crash, a hang or a page would be any outcome but these.
test.each([
  ['/v1/chat/completions', /^\{"id":"chatcmpl-|^data: .*\ndata: \[DONE\]\n\n$/s],
  ['/v1/completions', /^\{"id":"cmpl-|^data: .*\ndata: \[DONE\]\n\n$/s],
  ['/v1/embeddings', /^\{"object":"list"/],
])('whatever the body, %s gives an answer or an error in OpenAI’s shape', async (path, answer) => {
  const { api } = scriptedApi(telling(delta('Hi'), done))
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(400), fc.nat(19), async (body, at, chance) => {
      const whole = Buffer.from(JSON.stringify(body))
      const headers = chance === 1 ? { 'content-encoding': 'zstd' } : undefined
      const response = await api.fetch(post(path, chance === 0 ? whole.subarray(0, at) : whole, { headers }))
      const text = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status === 200) expect(text).toMatch(answer)
      else {
        expect(response.status).toBe(400)
        expect(JSON.parse(text)).toEqual({
          error: { message: expect.stringMatching(/./), type: 'invalid_request_error', param: null, code: null },
        })
      }
    }),
    { numRuns: 1500, seed: 20260821 },
  )
  expect(statuses.get(200)).toBeGreaterThan(200)
  expect(statuses.get(400)).toBeGreaterThan(200)
})
