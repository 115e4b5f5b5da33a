import { describe, expect, test } from 'vitest'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { Problem } from '../../../../main/problem.ts'
import { post, scriptedApi } from '../scripted.ts'
import { ask, delta, done, refusal } from './asking.ts'

const path = '/v1/chat/completions'
const messages = [{ role: 'user', content: 'Hi' }]
const chat = (more: object = {}, ...events: InferenceEvent[]) => ask(path, { model: 'M', messages, ...more }, ...events)

/** What only the window is told. */
const waits: InferenceEvent[] = [
  { type: 'queued' },
  { type: 'loading', fraction: 0.5 },
  { type: 'reading', fraction: 0.5 },
]

const head = '"id":"chatcmpl-N","object":"chat.completion","created":0,"model":"M","system_fingerprint":"fp_ollama"'
const usage = '"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}'
const chunks = (...choices: string[]) =>
  choices.map(
    choice =>
      `data: {"id":"chatcmpl-N","object":"chat.completion.chunk","created":0,"model":"M","system_fingerprint":"fp_ollama","choices":[${choice}`,
  )
const delta1 = (fields: string) => `{"index":0,"delta":{${fields}},"finish_reason":null}]}\n\n`
const finish = (reason: string) => `{"index":0,"delta":{},"finish_reason":"${reason}"}]}\n\n`
const end = 'data: [DONE]\n\n'
const call = (name: string, more: object = {}) => ({
  id: `call_${name}`,
  function: { index: 0, name, arguments: { z: 1, a: '<' } },
  ...more,
})
/** Arguments are JSON within JSON, and escaped as such at each level. */
const callJson = (name: string, index: number) =>
  `{"id":"call_${name}","index":${index},"type":"function","function":{"name":"${name}","arguments":"{\\"z\\":1,\\"a\\":\\"\\\\u003c\\"}"}}`
const logprob = { token: 'a', logprob: -0.5, bytes: [97], topLogprobs: [{ token: 'b', logprob: -1, bytes: [98] }] }
const logprobJson =
  '{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1,"bytes":[98]}]}]}'

describe('a whole answer', () => {
  test('has upstream’s keys in its order and ends with a line break', async () => {
    expect(await chat({}, ...waits, delta('He'), delta('y'), done)).toMatchObject({
      status: 200,
      type: 'application/json',
      text: `{${head},"choices":[{"index":0,"message":{"role":"assistant","content":"Hey"},"finish_reason":"stop"}],${usage}}\n`,
    })
  })

  test('tells thinking, tool calls and log probabilities', async () => {
    const events = [
      delta('', { thinking: 'hm' }),
      delta('', { toolCalls: [call('f')] }),
      delta('', { logprobs: [logprob] }),
    ]
    const { text } = await chat({ tools: [{ type: 'function', function: { name: 'f' } }] }, ...events, done)
    expect(text).toBe(
      `{${head},"choices":[{"index":0,"message":{"role":"assistant","content":"","reasoning":"hm","tool_calls":[${callJson('f', 0)}]},` +
        `"finish_reason":"tool_calls","logprobs":${logprobJson}}],${usage}}\n`,
    )
  })

  test('tells no calls of tools that nobody offered', async () => {
    const { text } = await chat({}, delta('', { toolCalls: [call('f')] }), done)
    expect(text).toContain('"message":{"role":"assistant","content":""},"finish_reason":"stop"')
  })

  test('that met its limit says so, with or without tool calls', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const length: InferenceEvent = { ...done, reason: 'length' } as InferenceEvent
    expect((await chat({}, delta('a'), length)).text).toContain('"finish_reason":"length"')
    expect((await chat({ tools }, delta('', { toolCalls: [call('f')] }), length)).text).toContain(
      '"finish_reason":"length"',
    )
  })

  test('of a rendered prompt shows it, streamed or not', async () => {
    const debug: InferenceEvent = { type: 'debug', renderedTemplate: 'x', imageCount: 0 }
    for (const stream of [true, false]) {
      const { text, asked } = await chat({ stream, _debug_render_only: true }, debug)
      expect(asked.debugRenderOnly).toBe(true)
      expect(text).toContain('"_debug_info":{"rendered_template":"x"}')
    }
  })
})

describe('a streamed answer', () => {
  const stream = (more: object, ...events: InferenceEvent[]) => chat({ stream: true, ...more }, ...events)

  test('gives the role first, then what is said, then why it ended, and says that it is done', async () => {
    const answer = await stream({}, ...waits, delta('He'), delta('y'), done)
    expect(answer.type).toBe('text/event-stream')
    const expected = chunks(delta1('"role":"assistant","content":"He"'), delta1('"content":"y"'), finish('stop'))
    expect(answer.text).toBe(expected.join('') + end)
  })

  test('tells its usage in a chunk without choices, if that is wanted', async () => {
    const { text } = await stream({ stream_options: { include_usage: true } }, delta('a'), done)
    const expected = [...chunks(delta1('"role":"assistant","content":"a"'), finish('stop'), `],${usage}}\n\n`)]
    expect(text).toBe(expected.join('') + end)
  })

  test('of nothing at all is a chunk that ends it', async () => {
    expect((await stream({}, done)).text).toBe(chunks(finish('stop')).join('') + end)
  })

  test('tells thinking apart from what comes with it', async () => {
    const { text } = await stream(
      {},
      delta('', { thinking: 'h' }),
      delta('a', { thinking: 'm', logprobs: [logprob] }),
      done,
    )
    const expected = chunks(
      delta1('"role":"assistant","content":"","reasoning":"h"'),
      delta1('"content":"","reasoning":"m"'),
      `{"index":0,"delta":{"content":"a"},"finish_reason":null,"logprobs":${logprobJson}}]}\n\n`,
      finish('stop'),
    )
    expect(text).toBe(expected.join('') + end)
  })

  test('counts its tool calls up, though the model’s format numbers each from 0', async () => {
    const { text } = await stream(
      {},
      delta('', { toolCalls: [call('f')] }),
      delta('', { toolCalls: [call('g'), call('h')] }),
      done,
    )
    const expected = chunks(
      delta1(`"role":"assistant","content":"","tool_calls":[${callJson('f', 0)}]`),
      delta1(`"content":"","tool_calls":[${callJson('g', 1)},${callJson('h', 2)}]`),
      finish('tool_calls'),
    )
    expect(text).toBe(expected.join('') + end)
  })

  test('tells log probabilities of tokens that say nothing yet', async () => {
    const { text } = await stream({}, delta('', { logprobs: [logprob] }), done)
    expect(text).toContain(`"delta":{"role":"assistant","content":""},"finish_reason":null,"logprobs":${logprobJson}`)
  })

  test('that fails in its middle ends with the error as an event, and is not called done', async () => {
    const { api } = scriptedApi(async function* () {
      yield delta('a')
      throw new Problem('engine-crashed', 500, 'the model runner is gone')
    })
    const response = await api.fetch(post(path, { model: 'M', messages, stream: true }))
    const events = (await response.text()).split('\n\n')
    expect(events).toHaveLength(3)
    expect(events[1]).toBe(`data: ${refusal('the model runner is gone', 'api_error').trim()}`)
  })

  test('that fails before its first word has a status', async () => {
    const { api } = scriptedApi(
      // biome-ignore lint/correctness/useYield: it fails before it has something to tell
      async function* () {
        throw new Problem('model-not-found', 404, "model 'M' not found")
      },
    )
    const response = await api.fetch(post(path, { model: 'M', messages, stream: true }))
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe(refusal("model 'M' not found", 'not_found_error'))
  })
})

describe('what is asked of inference', () => {
  const options = async (more: object) => (await chat(more, done)).asked.options

  test('temperature and top_p are 1 where the request says nothing', async () => {
    expect(await options({})).toEqual({ temperature: 1, top_p: 1 })
    expect(await options({ temperature: null, top_p: null })).toEqual({ temperature: 1, top_p: 1 })
  })

  test('all options the contract names, and none that it ignores', async () => {
    const wanted = { temperature: 0, top_p: 0.5, seed: 7, frequency_penalty: 0.25, presence_penalty: -1 }
    const ignored = {
      max_completion_tokens: 9,
      n: 3,
      user: 'u',
      logit_bias: {},
      options: { num_ctx: 1 },
      tool_choice: 'x',
    }
    expect(await options({ ...wanted, ...ignored, max_tokens: 4, stop: 'a' })).toEqual({
      ...wanted,
      num_predict: 4,
      stop: ['a'],
    })
    expect((await chat({ keep_alive: 0 }, done)).asked.keepAlive).toBeUndefined()
  })

  test.each([
    ['a', ['a']],
    [
      ['a', 1, 'b'],
      ['a', 'b'],
    ],
    [7, undefined],
    // The model's own would be lost, and its answers run on.
    [[], undefined],
    [[null], undefined],
  ])('stop %j is %j', async (stop, expected) => {
    expect((await options({ stop }))!.stop).toEqual(expected)
  })

  test.each([
    [{ type: 'json_object' }, 'json'],
    [{ type: ' JSON_Schema ', json_schema: { name: 'n', schema: { type: 'object' } } }, { type: 'object' }],
    [{ type: 'json_schema' }, undefined],
    [{ type: 'text' }, undefined],
  ])('response_format %j is the format %j', async (response_format, format) => {
    expect((await chat({ response_format }, done)).asked.format).toEqual(format)
  })

  test.each([
    [{ reasoning_effort: 'none' }, false],
    [{ reasoning_effort: 'minimal' }, 'low'],
    [{ reasoning_effort: 'high' }, 'high'],
    [{ reasoning_effort: 'xhigh' }, 'max'],
    [{ reasoning: { effort: 'ultra' }, reasoning_effort: 'none' }, 'max'],
    [{ reasoning_effort: '' }, undefined],
    [{}, undefined],
  ])('%j is think %j', async (more, think) => {
    expect((await chat(more, done)).asked.think).toEqual(think)
  })

  test('log probabilities', async () => {
    expect((await chat({ logprobs: true, top_logprobs: 2 }, done)).asked).toMatchObject({
      logprobs: true,
      topLogprobs: 2,
    })
  })

  test('tools, with their schema’s properties in order', async () => {
    const parameters = { type: 'object', properties: { z: { type: 'string' }, a: { type: 'number' } }, required: ['z'] }
    const tools = [{ type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } }]
    const { asked } = await chat({ tools }, done)
    expect(asked.tools).toMatchObject([{ type: 'function', function: { name: 'f', description: 'd' } }])
    expect(Object.keys(asked.tools![0]!.function.parameters.properties as object)).toEqual(['z', 'a'])
  })
})

describe('messages', () => {
  const asked = async (...sent: object[]) => (await chat({ messages: sent }, done)).asked.messages
  const png = Buffer.from('picture').toString('base64')

  test('of texts pass as they are, their role in lower case', async () => {
    expect(await asked({ role: 'System', content: 'a' }, { role: 'user', content: '' })).toEqual([
      { role: 'system', content: 'a' },
      { role: 'user', content: '' },
    ])
  })

  test('of parts become one message a part', async () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
      { type: 'image_url', image_url: `data:;base64,${png}` },
      { type: 'input_audio', input_audio: { data: png, format: 'wav' } },
    ]
    const images = [Buffer.from('picture')]
    expect(await asked({ role: 'user', content })).toEqual([
      { role: 'user', content: 'a' },
      { role: 'user', content: '', images },
      { role: 'user', content: '', images },
      { role: 'user', content: '', images },
    ])
  })

  test('carry tool calls, thinking, and a result’s tool by its name or by the last call with its id', async () => {
    const calls = [
      { id: '1', index: 0, type: 'function', function: { name: 'f', arguments: '{"z":1,"a":{}}' } },
      { id: '2', type: 'function', function: { name: 'g', arguments: '{}' } },
    ]
    const native = [
      { id: '1', function: { index: 0, name: 'f', arguments: { z: 1, a: {} } } },
      { id: '2', function: { index: 0, name: 'g', arguments: {} } },
    ]
    const again = [{ id: '2', type: 'function', function: { name: 'later', arguments: '{}' } }]
    expect(
      await asked(
        { role: 'assistant', content: null, reasoning: 'hm', tool_calls: calls },
        { role: 'tool', tool_call_id: '1', content: 'one' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
          tool_calls: again,
        },
        { role: 'tool', tool_call_id: '2', content: 'two' },
        { role: 'tool', name: 'named', tool_call_id: '1', content: 'three' },
        { role: 'tool', tool_call_id: 'unknown', content: 'four' },
        // Without a part to go with, a call was lost and its result answered nothing.
        { role: 'assistant', content: [], tool_calls: again },
        { role: 'tool', tool_call_id: '2', content: [] },
        { role: 'user', content: [] },
      ),
    ).toEqual([
      { role: 'assistant', content: '', thinking: 'hm', toolCalls: native },
      { role: 'tool', content: 'one', toolName: 'f', toolCallId: '1' },
      { role: 'assistant', content: 'a' },
      {
        role: 'assistant',
        content: 'b',
        toolCalls: [{ id: '2', function: { index: 0, name: 'later', arguments: {} } }],
      },
      { role: 'tool', content: 'two', toolName: 'later', toolCallId: '2' },
      { role: 'tool', content: 'three', toolName: 'named', toolCallId: '1' },
      { role: 'tool', content: 'four', toolCallId: 'unknown' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: '2', function: { index: 0, name: 'later', arguments: {} } }],
      },
      { role: 'tool', content: '', toolName: 'later', toolCallId: '2' },
    ])
  })
})

describe('refuses', () => {
  const content = (value: unknown) => ({ messages: [{ role: 'user', content: value }] })
  const calling = (text: string) => ({
    messages: [{ role: 'assistant', tool_calls: [{ id: '1', function: { name: 'f', arguments: text } }] }],
  })
  const unreadable = 'invalid message format'

  test.each<[object, string]>([
    [{ messages: [] }, "[] is too short - 'messages'"],
    [{ messages: null }, "[] is too short - 'messages'"],
    [content(undefined), 'invalid message content type: <nil>'],
    [content(7), 'invalid message content type: float64'],
    [content({ text: 'a' }), 'invalid message content type: map[string]interface {}'],
    [content(['a']), unreadable],
    [content([{ type: 'file' }]), unreadable],
    [content([{ type: 'text' }]), unreadable],
    [content([{ type: 'image_url' }]), unreadable],
    [content([{ type: 'input_audio', input_audio: { data: '!' } }]), unreadable],
    [content([{ type: 'image_url', image_url: { url: 'data:image/gif;base64,AAAA' } }]), 'invalid image input'],
    [content([{ type: 'image_url', image_url: { url: 'data:image/png;base64,A' } }]), 'invalid image input'],
    [
      content([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]),
      'image URLs are not currently supported, please use base64 encoded data instead',
    ],
    [calling(''), 'invalid tool call arguments'],
    [calling('[1]'), 'invalid tool call arguments'],
    [calling('{'), 'invalid tool call arguments'],
    [
      { reasoning_effort: 'much' },
      'invalid reasoning value: "much" (must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")',
    ],
    [{ top_logprobs: 21 }, 'top_logprobs must be between 0 and 20'],
    [
      { messages: 'Hi' },
      'json: cannot unmarshal string into Go struct field ChatCompletionRequest.messages of type []openai.Message',
    ],
    [
      { tools: 'x' },
      'json: cannot unmarshal string into Go struct field ChatCompletionRequest.tools of type []api.Tool',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ function: 'f' }] }] },
      'json: cannot unmarshal string into Go struct field ToolCall.messages.tool_calls.function of type struct { Name string "json:\\"name\\""; Arguments string "json:\\"arguments\\"" }',
    ],
    [
      { temperature: '1' },
      'json: cannot unmarshal string into Go struct field ChatCompletionRequest.temperature of type float64',
    ],
    [
      { messages: [{ role: 1 }] },
      'json: cannot unmarshal number into Go struct field Message.messages.role of type string',
    ],
  ])('%j', async (more, message) => {
    expect(await chat(more)).toMatchObject({ status: 400, type: 'application/json', text: refusal(message) })
  })

  test.each([
    ['', 'EOF'],
    [' ', 'EOF'],
    ['{', 'unexpected EOF'],
    ['x', "invalid character 'x' looking for beginning of value"],
  ])('the body %j', async (body, message) => {
    expect(await ask(path, body)).toMatchObject({ status: 400, text: refusal(message) })
  })

  test('arguments nested deeper than the stack, without falling over', async () => {
    expect((await chat(calling('['.repeat(200_000)))).status).toBe(400)
    expect((await chat(calling(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), done)).status).toBeLessThan(500)
  })
})
