import { expect, test } from 'vitest'
import { type MessageRow, storedMessage } from '../../../main/conversations/rows.ts'
import { messageSchema } from '../../../preload/contract-conversations.ts'

const row: MessageRow = {
  number: 1,
  id: 'm1',
  parent_id: null,
  role: 'assistant',
  content: 'Hello',
  thinking: 'hm',
  model: 'tiny',
  state: 'complete',
  problem: null,
  context: null,
  tool_calls: null,
  tool: null,
  created_at: 5,
  metrics: '{"promptTokens":1,"outputTokens":2,"outputSeconds":0.5,"thinkingSeconds":null,"ended":"stop"}',
}

test('a sound row is read as it was written', () => {
  expect(storedMessage(row)).toEqual({
    id: 'm1',
    parentId: null,
    role: 'assistant',
    content: 'Hello',
    thinking: 'hm',
    model: 'tiny',
    state: 'complete',
    problem: null,
    createdAt: 5,
    attachments: [],
    toolCalls: [],
    tool: null,
    context: null,
    metrics: { promptTokens: 1, outputTokens: 2, outputSeconds: 0.5, thinkingSeconds: null, ended: 'stop' },
  })
})

// Each of these once made a whole chat unopenable in some app: one null number, one unknown word.
test.each<[string, Partial<MessageRow>]>([
  [
    'metrics with a null number',
    { metrics: '{"promptTokens":null,"outputTokens":2,"outputSeconds":1,"ended":"stop"}' },
  ],
  ['metrics cut off', { metrics: '{"promptTok' }],
  ['metrics of another kind', { metrics: '"none"' }],
  ['a role of a newer version', { role: 'critic' }],
  ['tool calls cut off', { tool_calls: '[{"name":' }],
  ['tool calls of other kinds', { tool_calls: '[null,{"id":"","name":7,"arguments":[]}]' }],
  ['a tool of another kind', { tool: '["weather"]' }],
  ['a context without its size', { context: '{"from":null,"cut":false}' }],
  ['no role', { role: null }],
  ['a state of a newer version', { state: 'queued' }],
  ['no state', { state: null }],
  ['failed without a problem', { state: 'failed', problem: null }],
  ['failed with a problem cut off', { state: 'failed', problem: '{"code":"eng' }],
  ['failed with a problem of other kinds', { state: 'failed', problem: '{"code":7,"message":[],"details":{}}' }],
  ['no text', { content: null, thinking: null, model: null }],
  ['no time', { created_at: null }],
  ['an endless time', { created_at: Number.POSITIVE_INFINITY }],
])('%s does not hide the message', (_name, change) => {
  const message = storedMessage({ ...row, ...change })
  expect(messageSchema.safeParse({ ...message, versions: ['m1'], wait: null }).success).toBe(true)
  expect(message?.content).toBe(change.content === null ? '' : 'Hello')
})

test('an unknown role is guessed from who has a model', () => {
  expect(storedMessage({ ...row, role: 'critic' })?.role).toBe('assistant')
  expect(storedMessage({ ...row, role: 'critic', model: '' })?.role).toBe('user')
})

test('a problem is kept with its details, and only where something failed', () => {
  const problem = '{"code":"engine-crashed","message":"signal","details":"log"}'
  expect(storedMessage({ ...row, state: 'failed', problem })?.problem).toEqual(JSON.parse(problem))
  expect(storedMessage({ ...row, state: 'complete', problem })?.problem).toBeNull()
})

test('a row without an id cannot be referred to and is left out', () => {
  expect(storedMessage({ ...row, id: null })).toBeUndefined()
  expect(storedMessage({ ...row, id: '' })).toBeUndefined()
})
