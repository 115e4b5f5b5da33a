import { describe, expect, test } from 'vitest'
import { parametersJson, toolParameters } from '../../../main/inference/prompt/tool-schema.ts'
import type { ChatRequest } from '../../../main/inference/requests.ts'
import { type Body, post, scriptedApi, telling } from './scripted.ts'

const ask = async (path: string, body: Body | object) => {
  const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
  const response = await api.fetch(post(path, body))
  return {
    status: response.status,
    body: await response.text(),
    type: response.headers.get('content-type'),
    asked: inference.asked[0],
  }
}
const error = async (path: string, body: Body | object) => {
  const { status, body: text, type, asked } = await ask(path, body)
  expect(type).toBe('application/json; charset=utf-8')
  expect(asked).toBeUndefined()
  return [status, JSON.parse(text).error]
}

describe.each(['/api/chat', '/api/generate'])('%s refuses', path => {
  const name = path === '/api/chat' ? 'ChatRequest' : 'GenerateRequest'

  test.each(['', ' \n\t '])('nothing but white space %j', async body => {
    expect(await error(path, body)).toEqual([400, 'missing request body'])
  })

  test.each([
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{"model"', 'unexpected EOF'],
    ['{"model":7}', `json: cannot unmarshal number into Go struct field ${name}.model of type string`],
    [
      '{"options":[]}',
      `json: cannot unmarshal array into Go struct field ${name}.options of type map[string]interface {}`,
    ],
    ['{"stream":"x"}', `json: cannot unmarshal string into Go struct field ${name}.stream of type bool`],
    ['{"top_logprobs":"5"}', `json: cannot unmarshal string into Go struct field ${name}.top_logprobs of type int`],
    ['{"top_logprobs":21}', 'top_logprobs must be between 0 and 20'],
    ['{"top_logprobs":-1,"logprobs":false}', 'top_logprobs must be between 0 and 20'],
    ['{"think":"ultra"}', 'invalid think value: "ultra" (must be "high", "medium", "low", "max", true, or false)'],
    ['{"think":""}', 'invalid think value: "" (must be "high", "medium", "low", "max", true, or false)'],
    ['{"think":1}', 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)'],
    ['{"think":[]}', 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)'],
    ['{"keep_alive":"-1"}', 'time: missing unit in duration "-1"'],
    ['{"keep_alive":"5"}', 'time: missing unit in duration "5"'],
    ['{"keep_alive":"abc"}', 'time: invalid duration "abc"'],
    ['{"keep_alive":true}', "Unsupported type: 'bool'"],
    ['{"keep_alive":[5]}', "Unsupported type: '[]interface {}'"],
    ['{"keep_alive":{}}', "Unsupported type: 'map[string]interface {}'"],
  ])('%s', async (body, message) => {
    expect(await error(path, body)).toEqual([400, message])
  })
})

test.each([
  ['/api/generate', '{"images":["data:image/png;base64,AAAA"]}', 'illegal base64 data at input byte 4'],
  [
    '/api/generate',
    '{"images":"AAAA"}',
    'json: cannot unmarshal string into Go struct field GenerateRequest.images of type []api.ImageData',
  ],
  ['/api/chat', '{"messages":[{"images":["iVBORw0KGgo"]}]}', 'illegal base64 data at input byte 8'],
  [
    '/api/chat',
    '{"messages":[{"role":"user","content":[{"type":"text"}]}]}',
    'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
  ],
  [
    '/api/chat',
    '{"messages":"hi"}',
    'json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message',
  ],
  [
    '/api/chat',
    '{"messages":[{"tool_calls":[{"function":{"arguments":"{}"}}]}]}',
    "Value looks like object, but can't find closing '}' symbol",
  ],
  [
    '/api/chat',
    '{"tools":{}}',
    'json: cannot unmarshal object into Go struct field ChatRequest.tools of type api.Tools',
  ],
  [
    '/api/chat',
    '{"tools":[{"function":{"parameters":{"properties":{"a":{"type":5}}}}}]}',
    'json: cannot unmarshal number into Go struct field ToolFunctionParameters.tools.function.parameters.properties.type of type []string',
  ],
  [
    '/api/generate',
    '{"context":"abc"}',
    'json: cannot unmarshal string into Go struct field GenerateRequest.context of type []int',
  ],
])('%s refuses %s', async (path, body, message) => {
  expect(await error(path, body)).toEqual([400, message])
})

test('tools nested thousands deep are read or refused, and take the server with them in no case', async () => {
  const nest = (depth: number) => `${'{"properties":{"a":'.repeat(depth)}{}${'}}'.repeat(depth)}`
  const tools = (depth: number) => `{"tools":[{"function":{"parameters":${nest(depth)}}}]}`
  expect((await ask('/api/chat', tools(100))).status).toBe(200)
  expect(await error('/api/chat', tools(4900))).toEqual([400, 'request body is nested too deeply'])
})

describe('what inference is asked', () => {
  test('null and an empty object are all defaults', async () => {
    for (const body of ['null', '{}', '{} trailing']) {
      expect((await ask('/api/chat', body)).asked).toMatchObject({ model: '', messages: [] })
      expect((await ask('/api/generate', body)).asked).toMatchObject({ model: '', prompt: '' })
    }
    const { asked } = await ask('/api/chat', '{}')
    for (const field of ['think', 'keepAlive', 'tools', 'options', 'truncate', 'shift', 'format'] as const) {
      expect(asked).toHaveProperty(field, undefined)
    }
  })

  test('every field of /api/generate', async () => {
    const { asked } = await ask('/api/generate', {
      model: 'm',
      prompt: 'p',
      suffix: 's',
      system: 'y',
      template: 't',
      context: [1, 2],
      raw: true,
      format: { type: 'object' },
      keep_alive: '90s',
      images: ['aGk='],
      options: { seed: 1, stop: ['x'] },
      think: 'max',
      truncate: false,
      shift: false,
      logprobs: true,
      top_logprobs: 20,
      _debug_render_only: true,
    })
    expect(asked).toEqual({
      model: 'm',
      prompt: 'p',
      suffix: 's',
      system: 'y',
      template: 't',
      context: [1, 2],
      raw: true,
      format: { type: 'object' },
      keepAlive: 90_000,
      images: [Buffer.from('hi')],
      options: { seed: 1, stop: ['x'] },
      think: 'max',
      truncate: false,
      shift: false,
      logprobs: true,
      topLogprobs: 20,
      debugRenderOnly: true,
    })
  })

  test('every field of a message; the role in lower case, whatever it is', async () => {
    const { asked } = await ask('/api/chat', {
      model: 'm',
      messages: [
        { role: 'SYSTEM', content: 's' },
        { role: 'User', content: 'hi', images: ['aGk='], unknown: 1 },
        {
          role: 'assistant',
          content: '',
          thinking: 'hm',
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: { b: 1, a: [2] } } }],
        },
        { role: 'tool', content: '4', tool_name: 'f', tool_call_id: 'c' },
        null,
      ],
    })
    expect(asked).toMatchObject({
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'hi', images: [Buffer.from('hi')] },
        {
          role: 'assistant',
          content: '',
          thinking: 'hm',
          toolCalls: [{ id: 'c', function: { index: 0, name: 'f', arguments: { b: 1, a: [2] } } }],
        },
        { role: 'tool', content: '4', toolName: 'f', toolCallId: 'c' },
        { role: '', content: '' },
      ],
    })
  })

  test('tools: keys in their order, keywords upstream does not know dropped', async () => {
    const tool = {
      type: 'function',
      function: {
        parameters: {
          additionalProperties: false,
          required: ['city'],
          properties: {
            zone: { description: 'Z', type: ['string', 'null'], minLength: 1 },
            city: { enum: ['a', 1, null], type: ['string'] },
            deep: {
              properties: { y: { type: 'number' }, b: { anyOf: [{ type: 'string' }, {}] } },
              required: ['y'],
              type: 'object',
            },
            list: { type: 'array', items: { type: 'string', pattern: 'x' } },
          },
          type: 'object',
          $defs: { a: 1 },
        },
        description: 'weather',
        name: 'f',
        strict: true,
      },
    }
    const { asked } = await ask('/api/chat', {
      model: 'm',
      tools: [tool, { type: 'function', function: { name: 'g' } }],
    })
    const read = (asked as ChatRequest).tools!.map(
      ({ type, function: { name, description, parameters }, ...more }) => ({
        type,
        function: {
          name,
          description,
          parameters: parametersJson(toolParameters({ type, function: { name, parameters } }), 'sent'),
        },
        ...more,
      }),
    )
    expect(JSON.stringify(read)).toBe(
      JSON.stringify([
        {
          type: 'function',
          function: {
            name: 'f',
            description: 'weather',
            parameters: {
              type: 'object',
              $defs: { a: 1 },
              required: ['city'],
              properties: {
                zone: { type: ['string', 'null'], description: 'Z' },
                city: { type: 'string', enum: ['a', 1, null] },
                deep: {
                  type: 'object',
                  properties: { y: { type: 'number' }, b: { anyOf: [{ type: 'string' }, {}] } },
                  required: ['y'],
                },
                list: { type: 'array', items: { type: 'string', pattern: 'x' } },
              },
            },
          },
        },
        { type: 'function', function: { name: 'g', parameters: { type: '', properties: {} } } },
      ]),
    )
  })

  test.each([
    ['300', 300_000],
    ['0', 0],
    ['1.5', 1500],
    ['-1', Number.POSITIVE_INFINITY],
    ['-0.5', Number.POSITIVE_INFINITY],
    ['"10m"', 600_000],
    ['"1h30m"', 5_400_000],
    ['"500ms"', 500],
    ['"0"', 0],
    ['"-1m"', Number.POSITIVE_INFINITY],
    ['null', undefined],
    ['1e30', Number.POSITIVE_INFINITY],
  ])('keep_alive %s is %s ms', async (text, milliseconds) => {
    expect((await ask('/api/chat', `{"keep_alive":${text}}`)).asked).toHaveProperty('keepAlive', milliseconds)
  })

  test.each([
    ['true', true],
    ['false', false],
    ['"high"', 'high'],
    ['"medium"', 'medium'],
    ['"low"', 'low'],
    ['"max"', 'max'],
    ['null', undefined],
  ])('think %s', async (text, think) => {
    expect((await ask('/api/generate', `{"think":${text}}`)).asked).toHaveProperty('think', think)
  })
})
