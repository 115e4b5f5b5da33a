import { describe, expect, test } from 'vitest'
import type { ChatRequest } from '../../../../main/inference/requests.ts'
import { post, scriptedApi, telling } from '../scripted.ts'

/** What inference is asked for a body. */
async function asked(body: object): Promise<ChatRequest> {
  const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
  const response = await api.fetch(post('/v1/responses', { model: 'm', ...body }))
  expect(response.status, await response.text()).toBe(200)
  expect(inference.asked).toHaveLength(1)
  return inference.asked[0] as ChatRequest
}

const hi = { role: 'user', content: 'Hi' }
const png = Buffer.from('picture').toString('base64')

test('the least of a request, and what is ignored', async () => {
  const ignored = {
    previous_response_id: 'resp_1',
    conversation: 'c',
    store: true,
    tool_choice: 'required',
    metadata: { a: 'b' },
    include: ['reasoning.encrypted_content'],
    parallel_tool_calls: false,
    service_tier: 'flex',
    user: 'u',
  }
  expect(await asked({ input: 'Hi', ...ignored })).toEqual({ model: 'm', messages: [hi], options: { temperature: 1 } })
})

test('instructions come first, as the system', async () => {
  expect((await asked({ input: 'Hi', instructions: 'Be brief.' })).messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    hi,
  ])
  expect((await asked({ input: 'Hi', instructions: '' })).messages).toEqual([hi])
  expect((await asked({ input: 'Hi', instructions: null })).messages).toEqual([hi])
})

test('sampling: the temperature is 1 unless sent, all else is the model’s', async () => {
  expect((await asked({ temperature: 0, top_p: 0.5, max_output_tokens: 7 })).options).toEqual({
    temperature: 0,
    top_p: 0.5,
    num_predict: 7,
  })
  expect((await asked({ temperature: null, top_p: null, max_output_tokens: null })).options).toEqual({ temperature: 1 })
})

const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"z":1,"a":[2]}' }
const called = { id: 'c1', function: { name: 'f', arguments: { z: 1, a: [2] } } }
const second = { type: 'function_call', call_id: 'c2', name: 'g', arguments: '' }
const calledSecond = { id: 'c2', function: { name: 'g', arguments: {} } }
const result = (call_id: string, output: unknown) => ({ type: 'function_call_output', call_id, output })
const assistant = (content: unknown) => ({ type: 'message', role: 'assistant', content })
const thought = (encrypted_content: string) => ({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content })

describe('input', () => {
  test.each<[string, unknown, object[]]>([
    ['a text', 'Hi', [hi]],
    ['an empty text', '', []],
    ['null', null, []],
    ['no items', [], []],
    ['a message', [{ type: 'message', role: 'User', content: 'Hi' }], [hi]],
    ['a message without its type', [{ role: 'user', content: 'Hi' }], [hi]],
    ['a message without content', [{ role: 'user' }], [{ role: 'user', content: '' }]],
    ['a message of null', [{ role: 'user', content: null }], [{ role: 'user', content: '' }]],
    ['a developer', [{ role: 'developer', content: 'Be brief.' }], [{ role: 'developer', content: 'Be brief.' }]],
    [
      'parts',
      [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'H' },
            { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'auto' },
            { type: 'input_image', file_id: 'file_1' },
            { type: 'output_text', text: 'i', annotations: [] },
          ],
        },
      ],
      [{ ...hi, images: [Buffer.from('picture')] }],
    ],
    [
      'calls, which are one message of the assistant, and their outputs',
      [
        hi,
        call,
        second,
        result('c1', '22'),
        result('c2', [
          { type: 'input_text', text: '2' },
          { type: 'output_text', text: '3' },
        ]),
      ],
      [
        hi,
        { role: 'assistant', content: '', toolCalls: [called, calledSecond] },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', content: '22' },
        { role: 'tool', toolCallId: 'c2', toolName: 'g', content: '23' },
      ],
    ],
    [
      'outputs of nothing, of null and of a picture',
      [
        { type: 'function_call_output', call_id: 'c1' },
        result('c2', null),
        result('c3', [{ type: 'input_image', image_url: `data:;base64,${png}` }]),
      ],
      [
        { role: 'tool', toolCallId: 'c1', content: '' },
        { role: 'tool', toolCallId: 'c2', content: '' },
        { role: 'tool', toolCallId: 'c3', content: '', images: [Buffer.from('picture')] },
      ],
    ],
    [
      'a call that joins what the assistant said',
      [assistant('So'), call],
      [{ role: 'assistant', content: 'So', toolCalls: [called] }],
    ],
    [
      'a text between a call and its output, which joins the call',
      [call, assistant([{ type: 'output_text', text: 'Wait' }]), result('c1', '22')],
      [
        { role: 'assistant', content: 'Wait', toolCalls: [called] },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', content: '22' },
      ],
    ],
    [
      'a second text there, on a line of its own',
      [assistant('So'), call, assistant('Wait'), result('c1', '22')],
      [
        { role: 'assistant', content: 'So\nWait', toolCalls: [called] },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', content: '22' },
      ],
    ],
    [
      'a text between a call and the output of another, which stays alone',
      [call, assistant('Wait'), result('c9', '22')],
      [
        { role: 'assistant', content: '', toolCalls: [called] },
        { role: 'assistant', content: 'Wait' },
        { role: 'tool', toolCallId: 'c9', content: '22' },
      ],
    ],
    [
      'reasoning before an answer',
      [thought('hm'), assistant('So')],
      [{ role: 'assistant', content: 'So', thinking: 'hm' }],
    ],
    [
      'reasoning before a call',
      [hi, thought('hm'), call],
      [hi, { role: 'assistant', content: '', toolCalls: [called], thinking: 'hm' }],
    ],
    [
      'reasoning with a person in between',
      [thought('hm'), hi, assistant('So')],
      [hi, { role: 'assistant', content: 'So', thinking: 'hm' }],
    ],
    ['reasoning at the end', [hi, thought('hm')], [hi, { role: 'assistant', content: '', thinking: 'hm' }]],
    ['reasoning that says nothing', [hi, { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }] }], [hi]],
    [
      'an earlier search of the web, which its answer tells',
      [
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
        assistant('So'),
      ],
      [{ role: 'assistant', content: 'So' }],
    ],
  ])('of %s', async (_, input, messages) => {
    expect((await asked({ input })).messages).toEqual(messages)
  })
})

const parameters = {
  type: 'object',
  properties: { z: { type: 'string' }, a: { type: 'integer' } },
  required: ['z'],
  additionalProperties: false,
}

test('functions, alone and in namespaces', async () => {
  const { tools } = await asked({
    input: 'Hi',
    tools: [
      { type: 'function', name: 'f', description: 'does', strict: true, parameters },
      { type: 'function', name: 'g', description: null, parameters: null },
      {
        type: 'namespace',
        name: 'files',
        tools: [
          { type: 'function', name: 'read' },
          { type: 'function', name: 'files.write' },
          { type: 'namespace', name: 'old', tools: [{ type: 'function', name: 'list' }] },
        ],
      },
      { type: 'namespace', name: '', tools: [{ type: 'function', name: 'alone' }] },
      { type: 'namespace', name: 'empty' },
    ],
  })
  expect(tools?.map(tool => tool.function.name)).toEqual([
    ...['f', 'g', 'files.read', 'files.write', 'files.old.list', 'alone'],
  ])
  expect(tools![0]!.function).toMatchObject({ description: 'does', parameters: { type: 'object', required: ['z'] } })
  expect(Object.keys(tools![0]!.function.parameters.properties as object)).toEqual(['z', 'a'])
})

test.each<[object | null, unknown]>([
  [{ format: { type: 'json_schema', name: 'n', schema: parameters, strict: true } }, parameters],
  [{ format: { type: 'json_schema', name: 'n' } }, undefined],
  [{ format: { type: 'json_schema', schema: null } }, null],
  [{ format: { type: 'json_object' } }, 'json'],
  [{ format: { type: 'text', schema: parameters } }, undefined],
  [{ format: null, verbosity: 'low' }, undefined],
  [null, undefined],
])('text %j', async (text, format) => {
  expect((await asked({ input: 'Hi', text })).format).toEqual(format)
})

test.each<[object | null, unknown]>([
  [null, undefined],
  [{ effort: null, summary: 'auto' }, undefined],
  [{ effort: 'none' }, false],
  [{ effort: 'minimal' }, 'low'],
  [{ effort: 'xhigh' }, 'max'],
])('reasoning %j', async (reasoning, think) => {
  expect((await asked({ input: 'Hi', reasoning })).think).toBe(think)
})

test('a zstd body is unfolded', async () => {
  const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
  const text = JSON.stringify({ model: 'm', input: 'Hi' })
  // One frame with one block that is stored as it is (RFC 8878).
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 1 | ((text.length << 3) & 255), text.length >> 5, 0])
  const headers = { 'content-encoding': 'zstd' }
  const response = await api.fetch(post('/v1/responses', Buffer.concat([head, Buffer.from(text)]), { headers }))
  expect(response.status).toBe(200)
  expect(inference.asked).toMatchObject([{ model: 'm', messages: [hi] }])
})
