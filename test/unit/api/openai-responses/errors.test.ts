import { describe, expect, test } from 'vitest'
import { Problem } from '../../../../main/problem.ts'
import { type Body, post, scriptedApi, telling } from '../scripted.ts'

const { api, inference } = scriptedApi(telling({ type: 'done', reason: 'stop' }))

/** Status and message of an error, whose whole shape is checked. */
async function refused(body: Body | object): Promise<[number, string]> {
  const response = await api.fetch(post('/v1/responses', body))
  const text = await response.text()
  expect(response.headers.get('content-type'), text).toBe('application/json')
  expect(text).toMatch(/^\{"error":\{"message":".+","type":"[a-z_]+","param":null,"code":null\}\}\n$/)
  const { error } = JSON.parse(text)
  expect(error.type).toBe(response.status === 400 ? 'invalid_request_error' : 'api_error')
  return [response.status, error.message]
}

const part = (value: unknown) => ({ input: [{ role: 'user', content: [value] }] })
const typed = String.raw`struct { Type string "json:\"type\""; Role string "json:\"role\"" }`

describe.each([undefined, true])('a request refused, stream %s', stream => {
  test.each<[object, string]>([
    [{ model: 1 }, 'json: cannot unmarshal number into Go struct field ResponsesRequest.model of type string'],
    [
      { tools: [{ name: 1 }] },
      'json: cannot unmarshal number into Go struct field ResponsesTool.tools.name of type string',
    ],
    [
      { text: 'x' },
      'json: cannot unmarshal string into Go struct field ResponsesRequest.text of type openai.ResponsesText',
    ],
    [
      { input: 5 },
      'input must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage',
    ],
    [
      { input: {} },
      'input must be a string or array: json: cannot unmarshal object into Go value of type []json.RawMessage',
    ],
    [{ input: [{ role: 'user', content: 'a' }, {}] }, "input[1]: input item missing required 'type' field"],
    [{ input: [null] }, "input[0]: input item missing required 'type' field"],
    [{ input: ['Hi'] }, `input[0]: json: cannot unmarshal string into Go value of type ${typed}`],
    [{ input: [{ type: 'item_reference' }] }, 'input[0]: unknown input item type: "item_reference"'],
    [{ input: [{ type: 'a"b' }] }, 'input[0]: unknown input item type: "a\\"b"'],
    [{ input: [{ type: 5 }] }, 'input[0]: json: cannot unmarshal number into Go struct field .type of type string'],
    [
      { input: [{ type: 'function_call', call_id: 5 }] },
      'input[0]: json: cannot unmarshal number into Go struct field ResponsesFunctionCall.call_id of type string',
    ],
    [
      { input: [{ type: 'reasoning', encrypted_content: [] }] },
      'input[0]: json: cannot unmarshal array into Go struct field ResponsesReasoningInput.encrypted_content of type string',
    ],
    [
      { input: [{ role: 'user', content: 5 }] },
      'input[0]: content must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage',
    ],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: {} }] },
      'input[0]: output must be a string or array: json: cannot unmarshal object into Go value of type []json.RawMessage',
    ],
    [part({ type: 'input_audio' }), 'input[0]: content[0]: unknown content type: input_audio'],
    [part(null), 'input[0]: content[0]: unknown content type: '],
    [
      part({ type: 'input_image', image_url: { url: 'x' } }),
      'input[0]: content[0]: json: cannot unmarshal object into Go struct field ResponsesImageContent.image_url of type string',
    ],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text' }, { type: 'x' }] }] },
      'input[0]: output[1]: unknown content type: x',
    ],
    [part({ type: 'input_file', file_id: 'f' }), 'file inputs are not currently supported'],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file' }] }] },
      'file inputs are not currently supported',
    ],
    [
      part({ type: 'input_image', image_url: 'https://x/y.png' }),
      'image URLs are not currently supported, please use base64 encoded data instead',
    ],
    [part({ type: 'input_image', image_url: 'x' }), 'invalid image input'],
    [
      { input: [{ type: 'function_call', arguments: 'x' }] },
      "failed to parse function call arguments: invalid character 'x' looking for beginning of value",
    ],
    [
      { input: [{ type: 'function_call', arguments: ' ' }] },
      'failed to parse function call arguments: unexpected end of JSON input',
    ],
    [
      { reasoning: { effort: 'some' } },
      'invalid reasoning value: "some" (must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")',
    ],
    [
      { tools: [{ type: 'function', name: 'f', parameters: { type: 5 } }] },
      'failed to unmarshal tool parameters: json: cannot unmarshal number into Go struct field ToolFunctionParameters.type of type string',
    ],
  ])('%j', async (body, message) => {
    expect(await refused({ model: 'm', ...body, stream })).toEqual([400, message])
  })
})

test.each<[string, string]>([
  ['', 'EOF'],
  ['\n', 'EOF'],
  ['x', "invalid character 'x' looking for beginning of value"],
  ['{"input":[{"type":', 'unexpected EOF'],
  ['[]', 'json: cannot unmarshal array into Go value of type openai.ResponsesRequest'],
])('a body that is no request: %j', async (text, message) => {
  expect(await refused(Buffer.from(text))).toEqual([400, message])
})

test('parameters nested deeper than can be read', async () => {
  const deep = `${'{"properties":{"a":'.repeat(4000)}{}${'}}'.repeat(4000)}`
  const text = `{"model":"m","tools":[{"type":"function","name":"f","parameters":${deep}}]}`
  expect(await refused(Buffer.from(text))).toEqual([400, expect.stringMatching(/nested too deeply$/)])
})

test('none of it came as far as inference', () => {
  expect(inference.asked).toEqual([])
})

test.each([undefined, true])('what inference refuses keeps its status, stream %s', async stream => {
  for (const [status, type] of [
    [400, 'invalid_request_error'],
    [404, 'not_found_error'],
    [503, 'api_error'],
  ] as const) {
    const refusing = scriptedApi(async function* () {
      yield { type: 'loading', fraction: 0 }
      throw new Problem('internal', status, "model 'm' not found")
    }).api
    const response = await refusing.fetch(post('/v1/responses', { model: 'm', input: 'Hi', stream }))
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      error: { message: "model 'm' not found", type, param: null, code: null },
    })
  }
})
