import { expect, test } from 'vitest'
import { fc } from '../../../properties.ts'
import { post, scriptedApi, telling } from '../scripted.ts'

const keys = [
  ...['model', 'max_tokens', 'messages', 'role', 'content', 'type', 'text', 'source', 'data', 'id', 'name', 'input'],
  ...['tool_use_id', 'thinking', 'system', 'stream', 'tools', 'input_schema', 'properties', 'output_config', 'effort'],
  ...['format', 'schema', 'stop_sequences', 'temperature', 'title', 'url', 'error_code', '__proto__', ''],
]
const words = [
  ...['text', 'image', 'tool_use', 'tool_result', 'thinking', 'server_tool_use', 'web_search_tool_result', 'base64'],
  ...[
    'web_search_result',
    'web_search_20250305',
    'json_schema',
    'enabled',
    'high',
    'user',
    'assistant',
    'aGk=',
    '\ud800',
  ],
]
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(...words),
    fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e300, ''),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
}))

const text = fc.constantFrom('', 'Hi', '\ud800', 'aGk=')
/** A block whose fields mostly fit. */
const block = fc.record(
  {
    type: fc.constantFrom(...words.slice(0, 7)),
    text,
    thinking: text,
    id: fc.constantFrom('t', 't', ''),
    name: fc.constant('f'),
    input: fc.oneof({ weight: 5, arbitrary: fc.dictionary(text, value) }, value),
    source: fc.constantFrom({ type: 'base64', data: 'aGk=' }, { type: 'base64', data: '!' }, { type: 'url' }, null),
    content: value,
  },
  { requiredKeys: ['type', 'id', 'name'] },
)
const message = fc.record({
  role: fc.constantFrom('user', 'assistant', 'SYSTEM', ''),
  content: fc.oneof(text, fc.array(block, { maxLength: 4 }), { weight: 1, arbitrary: value }),
})

/** Bodies that mostly come as far as inference, and bodies that are anything. */
const bodies = fc.oneof(value, {
  weight: 4,
  arbitrary: fc.record(
    {
      model: fc.constant('m'),
      max_tokens: fc.constantFrom(1, 1, 1, 0),
      messages: fc.array(message, { maxLength: 3 }),
      stream: fc.boolean(),
      system: value,
      tools: fc.array(fc.record({ name: text, type: text, input_schema: value }), { maxLength: 2 }),
    },
    { requiredKeys: ['model', 'max_tokens', 'messages', 'stream'] },
  ),
})

// A crash, a hang or a page would be any outcome but these.
test('whatever the body, the answer is a message or an error in Anthropic’s shape', async () => {
  const { api } = scriptedApi(telling({ type: 'delta', content: 'Hi' }, { type: 'done', reason: 'stop' }))
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(400), fc.nat(9), async (body, at, chance) => {
      const whole = Buffer.from(JSON.stringify(body))
      const response = await api.fetch(post('/v1/messages', chance === 0 ? whole.subarray(0, at) : whole))
      const answer = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status === 200)
        expect(answer).toMatch(/^\{"id":"msg_|^event: message_start\n.*"message_stop"\}\n\n$/s)
      else {
        expect([400, 403]).toContain(response.status)
        expect(JSON.parse(answer)).toEqual({
          type: 'error',
          error: { type: expect.any(String), message: expect.stringMatching(/./) },
          request_id: expect.any(String),
        })
      }
    }),
    { numRuns: 3000, seed: 20260821 },
  )
  expect(statuses.get(200)).toBeGreaterThan(200)
  expect(statuses.get(400)).toBeGreaterThan(1000)
}, 60_000)
