import { describe, expect, test } from 'vitest'
import { Problem } from '../../../../main/problem.ts'
import { type Body, post, scriptedApi, telling } from '../scripted.ts'

const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
const hi = { role: 'user', content: 'Hi' }
const least = { model: 'm', max_tokens: 1, messages: [hi] }
const source = (fields: object) => ({ messages: [{ role: 'user', content: [{ type: 'image', source: fields }] }] })
const said = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })

/** Status and message of an error, whose whole shape is checked. */
async function refused(body: Body | object, stream = false): Promise<[number, string]> {
  const sent = body instanceof Object && !(body instanceof Uint8Array) ? { ...least, ...body, stream } : body
  const response = await api.fetch(post('/v1/messages', sent))
  const text = await response.text()
  expect(response.headers.get('content-type'), text).toBe('application/json')
  expect(text).toMatch(
    /^\{"type":"error","error":\{"type":"[a-z_]+","message":".+"\},"request_id":"req_[0-9a-f]{24}"\}\n$/,
  )
  const { error } = JSON.parse(text)
  expect(error.type).toBe(response.status === 403 ? 'permission_error' : 'invalid_request_error')
  return [response.status, error.message]
}

describe('a body that is no request', () => {
  test.each<[string, string]>([
    ['', 'EOF'],
    [' \n', 'EOF'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{"model":"a"', 'unexpected EOF'],
    ['null', 'model is required'],
    ['{}', 'model is required'],
    ['[]', 'json: cannot unmarshal array into Go value of type anthropic.MessagesRequest'],
    ['{"model":1}', 'json: cannot unmarshal number into Go struct field MessagesRequest.model of type string'],
    ['{"max_tokens":"1"}', 'json: cannot unmarshal string into Go struct field MessagesRequest.max_tokens of type int'],
    [
      '{"messages":"Hi"}',
      'json: cannot unmarshal string into Go struct field MessagesRequest.messages of type []anthropic.MessageParam',
    ],
    [
      '{"messages":[{"role":1,"content":""}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.role of type string',
    ],
    [
      '{"messages":[{"role":"user","content":5}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages of type []anthropic.ContentBlock',
    ],
    [
      '{"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.text of type string',
    ],
    ['{"messages":[{"role":"user"}]}', 'unexpected end of JSON input'],
    [
      '{"messages":[5]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages of type struct { Role string "json:\\"role\\""; Content json.RawMessage "json:\\"content\\"" }',
    ],
    [
      '{"messages":[{"role":5}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.role of type string',
    ],
    [
      '{"messages":[{"role":"user","content":[{"type":"thinking","signature":5}]}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.signature of type string',
    ],
    [
      '{"messages":[{"role":"user","content":[{"type":"tool_result","is_error":"no"}]}]}',
      'json: cannot unmarshal string into Go struct field MessagesRequest.messages.is_error of type bool',
    ],
    [
      '{"tool_choice":"auto"}',
      'json: cannot unmarshal string into Go struct field MessagesRequest.tool_choice of type anthropic.ToolChoice',
    ],
    [
      '{"metadata":{"user_id":5}}',
      'json: cannot unmarshal number into Go struct field Metadata.metadata.user_id of type string',
    ],
    [
      '{"thinking":true}',
      'json: cannot unmarshal bool into Go struct field MessagesRequest.thinking of type anthropic.ThinkingConfig',
    ],
    [
      '{"temperature":"hot"}',
      'json: cannot unmarshal string into Go struct field MessagesRequest.temperature of type float64',
    ],
    ['{"tools":[{"name":5}]}', 'json: cannot unmarshal number into Go struct field Tool.tools.name of type string'],
  ])('%s', async (text, message) => {
    expect(await refused(Buffer.from(text))).toEqual([400, message])
  })
})

describe.each([false, true])('a request refused, stream %s', stream => {
  test.each<[object, string]>([
    [{ model: '' }, 'model is required'],
    [{ max_tokens: 0 }, 'max_tokens is required and must be positive'],
    [{ max_tokens: -1 }, 'max_tokens is required and must be positive'],
    [{ messages: [] }, 'messages is required'],
    [{ messages: null }, 'messages is required'],
    // The first that fails is told.
    [{ model: '', max_tokens: 0, messages: [] }, 'model is required'],
    [{ max_tokens: 0, messages: [] }, 'max_tokens is required and must be positive'],
    [said({ type: 'image' }), 'invalid image source'],
    [
      source({ type: 'url', url: 'http://x/y.png' }),
      'invalid image source type: url. Only base64 images are supported.',
    ],
    [source({}), 'invalid image source type: . Only base64 images are supported.'],
    [source({ type: 'base64', data: '!' }), 'invalid base64 image data: illegal base64 data at input byte 0'],
    [said({ type: 'tool_use', name: 'f' }), "tool_use block missing required 'id' field"],
    [said({ type: 'tool_use', id: 't' }), "tool_use block missing required 'name' field"],
    [said({ type: 'tool_result', content: [{ type: 'image' }] }), 'invalid tool_result image source'],
    [
      said({ type: 'tool_result', content: [{ type: 'image', source: { type: 'url' } }] }),
      'invalid image source type: url. Only base64 images are supported.',
    ],
    [
      { tools: [{ name: 'f', input_schema: 'x' }] },
      'invalid input_schema for tool "f": json: cannot unmarshal string into Go value of type api.ToolFunctionParameters',
    ],
  ])('%j', async (body, message) => {
    expect(await refused(body, stream)).toEqual([400, message])
  })
})

test.each([
  ['tool_result', '['.repeat(9000) + ']'.repeat(9000)],
  ['web_search_tool_result', `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`],
])('a %s nested deeper than can be written', async (type, content) => {
  const block = `{"type":"${type}","tool_use_id":"t","content":${content}}`
  const text = `{"model":"m","max_tokens":1,"stream":true,"messages":[{"role":"user","content":[${block}]}]}`
  expect(await refused(Buffer.from(text))).toEqual([400, 'request body is nested too deeply'])
})

test('none of it came as far as inference', () => {
  expect(inference.asked).toEqual([])
})

describe.each([false, true])('what inference refuses, stream %s', stream => {
  test.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [429, 'rate_limit_error'],
    [499, 'api_error'],
    [500, 'api_error'],
    [503, 'overloaded_error'],
    [529, 'overloaded_error'],
  ])('%i is a %s', async (status, type) => {
    const refusing = scriptedApi(async function* () {
      yield { type: 'loading', fraction: 0 }
      throw new Problem('internal', status, "model 'm' not found")
    }).api
    const response = await refusing.fetch(post('/v1/messages', { ...least, stream }))
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type, message: "model 'm' not found" },
      request_id: expect.stringMatching(/^req_[0-9a-f]{24}$/),
    })
  })
})

test('other methods and paths beside it', async () => {
  const answer = await api.fetch(new Request('http://localhost/v1/messages'))
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await api.fetch(post('/v1/messages/count_tokens', {}))).status).toBe(404)
})
