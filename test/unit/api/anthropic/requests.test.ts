import { expect, test } from 'vitest'
import type { ChatRequest } from '../../../../main/inference/requests.ts'
import { post, scriptedApi, telling } from '../scripted.ts'

/** What inference is asked for a body; `max_tokens` and a message are there unless the body says otherwise. */
async function asked(body: object): Promise<ChatRequest> {
  const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
  const question = { role: 'user', content: 'Hi' }
  const whole = { model: 'm', max_tokens: 10, messages: [question], ...body }
  const response = await api.fetch(post('/v1/messages', whole))
  expect(response.status, await response.text()).toBe(200)
  expect(inference.asked).toHaveLength(1)
  return inference.asked[0] as ChatRequest
}

const png = Buffer.from('picture').toString('base64')
const hi = { role: 'user', content: 'Hi' }

test('the least of a request, and what is ignored', async () => {
  const ignored = {
    tool_choice: { type: 'any' },
    metadata: { user_id: 'u' },
    anthropic_version: 1,
    thinking: { type: 'adaptive', budget_tokens: 1024 },
  }
  expect(await asked(ignored)).toEqual({
    model: 'm',
    messages: [hi],
    options: { num_predict: 10 },
    relaxThink: true,
  })
})

test('sampling', async () => {
  const body = { max_tokens: 7, temperature: 0, top_p: 0.5, top_k: 3, stop_sequences: ['a', 'b'] }
  expect((await asked(body)).options).toEqual({
    num_predict: 7,
    temperature: 0,
    top_p: 0.5,
    top_k: 3,
    stop: ['a', 'b'],
  })
  expect((await asked({ stop_sequences: [] })).options).toEqual({ num_predict: 10 })
})

test.each<[unknown, object[]]>([
  ['Be brief.', [{ role: 'system', content: 'Be brief.' }, hi]],
  ['', [hi]],
  [null, [hi]],
  [[], [hi]],
  [5, [hi]],
  // Put together without anything between them; blocks that are no text say nothing.
  [
    [
      { type: 'text', text: 'Be ', cache_control: { type: 'ephemeral' } },
      { type: 'image', text: 'x' },
      7,
      null,
      { type: 'text', text: 'brief.' },
    ],
    [{ role: 'system', content: 'Be brief.' }, hi],
  ],
])('system %j', async (system, messages) => {
  expect((await asked({ system })).messages).toEqual(messages)
})

const toolUse = { type: 'tool_use', id: 't1', name: 'f', input: { z: 1, a: [2] } }
const call = { id: 't1', function: { name: 'f', arguments: { z: 1, a: [2] } } }

test.each<[string, object, object[]]>([
  ['a text', { role: 'User', content: 'Hi' }, [hi]],
  ['nothing', { role: 'user', content: null }, []],
  ['no blocks', { role: 'user', content: [] }, []],
  [
    'texts',
    {
      role: 'user',
      content: [
        { type: 'text', text: 'H' },
        { type: 'text', text: 'i' },
      ],
    },
    [hi],
  ],
  [
    'an unknown block',
    {
      role: 'user',
      content: [
        { type: 'document', text: 'x' },
        { type: 'text', text: 'Hi' },
      ],
    },
    [hi],
  ],
  [
    'a picture',
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
        { type: 'text', text: 'Hi' },
      ],
    },
    [{ ...hi, images: [Buffer.from('picture')] }],
  ],
  [
    'thinking, text and a call',
    {
      role: 'assistant',
      content: [{ type: 'thinking', thinking: 'hm', signature: 's' }, { type: 'text', text: 'Hi' }, toolUse],
    },
    [{ role: 'assistant', content: 'Hi', thinking: 'hm', toolCalls: [call] }],
  ],
  ['a call alone', { role: 'assistant', content: [toolUse] }, [{ role: 'assistant', content: '', toolCalls: [call] }]],
  [
    'a call without input',
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f' }] },
    [{ role: 'assistant', content: '', toolCalls: [{ id: 't1', function: { name: 'f', arguments: {} } }] }],
  ],
  [
    'results before what a person adds, in their order',
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'tool_result', tool_use_id: 't1', content: '22' },
        { type: 'tool_result', tool_use_id: 't2', is_error: true },
      ],
    },
    [{ role: 'tool', toolCallId: 't1', content: '22' }, { role: 'tool', toolCallId: 't2', content: '' }, hi],
  ],
  [
    'a result after what anyone else says',
    {
      role: 'assistant',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: '22' },
        { type: 'text', text: 'Hi' },
      ],
    },
    [
      { role: 'assistant', content: 'Hi' },
      { role: 'tool', toolCallId: 't1', content: '22' },
    ],
  ],
  [
    'a result of blocks',
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't1',
          content: [
            { type: 'text', text: '2' },
            null,
            { type: 'image', source: { type: 'base64', data: png } },
            { type: 'text', text: '2' },
            { type: 'other', text: 'x' },
          ],
        },
      ],
    },
    [{ role: 'tool', toolCallId: 't1', content: '22', images: [Buffer.from('picture')] }],
  ],
  [
    'an earlier search of the web',
    {
      role: 'assistant',
      content: [
        { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 's1',
          content: [
            { type: 'web_search_result', title: 'T', url: 'http://t' },
            { type: 'other', title: 'no' },
            { type: 'web_search_result', title: 'U', url: 'http://u' },
          ],
        },
      ],
    },
    [
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 's1', function: { name: 'web_search', arguments: { query: 'q' } } }],
      },
      { role: 'tool', toolCallId: 's1', toolName: 'web_search', content: '- T: http://t\n- U: http://u\n' },
    ],
  ],
  [
    'an earlier search that failed',
    {
      role: 'user',
      content: [
        {
          type: 'web_search_tool_result',
          tool_use_id: 's1',
          content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
        },
        { type: 'web_search_tool_result', tool_use_id: 's2', content: [{ type: 'web_search_tool_result_error' }] },
      ],
    },
    [
      { role: 'tool', toolCallId: 's1', content: 'web_search_tool_result_error: unavailable' },
      { role: 'tool', toolCallId: 's2', content: 'web_search_tool_result_error' },
    ],
  ],
])('a message of %s', async (_, message, messages) => {
  expect((await asked({ messages: [message] })).messages).toEqual(messages)
})

test('a result names the function that was last called under its id', async () => {
  const use = (name: string) => ({ role: 'assistant', content: [{ type: 'tool_use', id: 't1', name, input: {} }] })
  const result = (id: string) => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: '1' }] })
  const { messages } = await asked({ messages: [use('f'), result('t1'), use('g'), result('t1'), result('t9')] })
  expect(messages.map(message => message.toolName)).toEqual([undefined, 'f', undefined, 'g', undefined])
})

test('tools with their schema, its order kept', async () => {
  const inputSchema = {
    type: 'object',
    properties: { z: { type: 'string', description: 'Z' }, a: { type: 'integer' } },
    required: ['z'],
    additionalProperties: false,
  }
  const { tools } = await asked({
    tools: [
      { name: 'f', description: 'does', input_schema: inputSchema, cache_control: { type: 'ephemeral' } },
      { type: 'custom', name: 'g' },
      { name: 'h', input_schema: null },
    ],
  })
  expect(tools?.map(tool => tool.type)).toEqual(['function', 'function', 'function'])
  expect(tools?.map(tool => tool.function.name)).toEqual(['f', 'g', 'h'])
  expect(tools![0]!.function).toMatchObject({ description: 'does', parameters: { type: 'object', required: ['z'] } })
  expect(Object.keys(tools![0]!.function.parameters.properties as object)).toEqual(['z', 'a'])
  expect(tools![0]!.function.parameters).not.toHaveProperty('additionalProperties')
})

test.each<[object, unknown]>([
  [{}, undefined],
  [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, true],
  [{ thinking: { type: 'disabled' } }, false],
  [{ thinking: { type: 'adaptive' } }, undefined],
  [{ output_config: { effort: 'low' } }, 'low'],
  [{ output_config: { effort: ' Medium ' } }, 'medium'],
  [{ output_config: { effort: 'high' } }, 'high'],
  [{ output_config: { effort: 'max' } }, 'max'],
  [{ output_config: { effort: 'xhigh' } }, 'high'],
  [{ output_config: { effort: 'ultra' } }, undefined],
  [{ output_config: { effort: 'constructor' } }, undefined],
  [{ output_config: {} }, undefined],
  [{ output_config: null }, undefined],
  // What `thinking` says outranks the effort.
  [{ thinking: { type: 'disabled' }, output_config: { effort: 'high' } }, false],
  [{ thinking: { type: 'enabled' }, output_config: { effort: 'low' } }, true],
  [{ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }, 'low'],
])('thinking of %j', async (body, think) => {
  expect((await asked(body)).think).toBe(think)
})

test('a schema binds the answer', async () => {
  const schema = { type: 'object', properties: { age: { type: 'integer' } } }
  expect((await asked({ output_config: { format: { type: 'json_schema', schema } } })).format).toEqual(schema)
  expect((await asked({ output_config: { format: { type: 'text' } } })).format).toBeUndefined()
  expect((await asked({ output_config: { format: 5 } })).format).toBeUndefined()
})

test('a zstd body is unfolded', async () => {
  const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
  const text = JSON.stringify({ model: 'm', max_tokens: 10, messages: [hi] })
  // One frame with one block that is stored as it is (RFC 8878).
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 1 | ((text.length << 3) & 255), text.length >> 5, 0])
  const headers = { 'content-encoding': 'zstd' }
  const response = await api.fetch(post('/v1/messages', Buffer.concat([head, Buffer.from(text)]), { headers }))
  expect(response.status).toBe(200)
  expect(inference.asked).toMatchObject([{ model: 'm', messages: [hi] }])
})
