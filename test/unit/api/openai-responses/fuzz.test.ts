import { expect, test } from 'vitest'
import { fc } from '../../../properties.ts'
import { post, scriptedApi, telling } from '../scripted.ts'

const keys = [
  ...['model', 'input', 'instructions', 'type', 'role', 'content', 'text', 'image_url', 'call_id', 'name', 'arguments'],
  ...['output', 'summary', 'encrypted_content', 'tools', 'parameters', 'properties', 'format', 'schema', 'reasoning'],
  ...['effort', 'stream', 'temperature', '__proto__', ''],
]
const types = [
  ...['message', 'function_call', 'function_call_output', 'reasoning', 'web_search_call', 'input_text', 'output_text'],
  ...['input_image', 'input_file', 'function', 'namespace', 'json_schema'],
]
const text = fc.constantFrom('', 'Hi', '\ud800', '{}', '{"a":1}', 'data:;base64,aGk=', 'high', 'assistant')
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.constantFrom(...types),
    fc.constantFrom(null, true, 0, 1, -1, 1.5, 1e300),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
}))
const anything = { weight: 1, arbitrary: value }
const often = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 12, arbitrary })
const part = fc.oneof(anything, often(fc.record({ type: fc.constantFrom('input_text', 'output_text'), text })))
const content = fc.oneof(anything, often(text), often(fc.array(part, { maxLength: 3 })))
/** An item whose fields mostly fit. */
const item = fc.oneof(
  anything,
  often(fc.record({ role: fc.constantFrom('user', 'assistant', 'developer'), content })),
  often(
    fc.record({ type: fc.constant('function_call'), call_id: text, arguments: fc.constantFrom('', '{}', '{"a":1}') }),
  ),
  often(fc.record({ type: fc.constant('function_call_output'), call_id: text, output: content })),
  often(fc.record({ type: fc.constant('reasoning'), encrypted_content: text })),
)
const tool = fc.record(
  {
    type: fc.constantFrom('function', 'function', 'namespace', 'custom', 'web_search'),
    name: text,
    parameters: fc.oneof(anything, often(fc.constantFrom(null, { type: 'object', properties: {} }))),
    tools: fc.oneof(anything, often(fc.constantFrom(null, [], [{ type: 'function', name: 'f' }]))),
  },
  { requiredKeys: ['type'] },
)
const format = fc.record({ type: fc.constantFrom('json_schema', 'text'), schema: value })

/** Bodies that mostly come as far as inference, and bodies that are anything. */
const bodies = fc.oneof(value, {
  weight: 4,
  arbitrary: fc.record(
    {
      model: fc.constant('m'),
      input: fc.oneof(text, fc.array(item, { maxLength: 4 })),
      stream: fc.boolean(),
      tools: fc.array(tool, { maxLength: 2 }),
      text: fc.oneof(anything, often(fc.record({ format }))),
      reasoning: fc.oneof(anything, often(fc.record({ effort: fc.constantFrom('', 'low', 'some') }))),
    },
    { requiredKeys: ['model', 'input', 'stream'] },
  ),
})

// A crash, a hang or a page would be any outcome but these.
test('whatever the body, the answer is a response or an error in OpenAI’s shape', async () => {
  const { api } = scriptedApi(telling({ type: 'delta', content: 'Hi' }, { type: 'done', reason: 'stop' }))
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(400), fc.nat(9), async (body, at, chance) => {
      const whole = Buffer.from(JSON.stringify(body))
      const response = await api.fetch(post('/v1/responses', chance === 0 ? whole.subarray(0, at) : whole))
      const answer = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status === 200) {
        expect(answer).toMatch(/^\{"id":"resp_|^event: response.created\n.*"type":"response.completed"\}\n\n$/s)
      } else {
        expect([400, 403]).toContain(response.status)
        expect(JSON.parse(answer)).toEqual({
          error: { message: expect.stringMatching(/./), type: expect.any(String), param: null, code: null },
        })
      }
    }),
    { numRuns: 3000, seed: 20260821 },
  )
  expect(statuses.get(200)).toBeGreaterThan(200)
  expect(statuses.get(400)).toBeGreaterThan(1000)
}, 60_000)
