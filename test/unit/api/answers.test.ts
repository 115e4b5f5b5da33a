import { describe, expect, test } from 'vitest'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { Problem } from '../../../main/problem.ts'
import { metrics, post, scriptedApi, telling, textOf } from './scripted.ts'

const done: InferenceEvent = { type: 'done', reason: 'stop', metrics, context: [1, 2, 3] }
const delta = (content: string, more: object = {}): InferenceEvent => ({ type: 'delta', content, ...more })
const bareJson = 'application/json'
const json = 'application/json; charset=utf-8'

const ask = async (path: string, body: object, ...events: InferenceEvent[]) => {
  const response = await scriptedApi(telling(...events)).api.fetch(post(path, body))
  return { status: response.status, type: response.headers.get('content-type'), text: await textOf(response) }
}

describe('an answer as a stream', () => {
  test('is one line per piece, keys in upstream’s order, what is empty left out', async () => {
    expect(await ask('/api/chat', { model: 'M' }, delta('Hi <b>'), delta('', { thinking: 'hm' }), done)).toEqual({
      status: 200,
      type: 'application/x-ndjson',
      text:
        '{"model":"M","created_at":"NOW","message":{"role":"assistant","content":"Hi \\u003cb\\u003e"},"done":false}\n' +
        '{"model":"M","created_at":"NOW","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}\n' +
        '{"model":"M","created_at":"NOW","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",' +
        '"total_duration":6,"prompt_eval_count":5,"prompt_eval_duration":4,"eval_count":3,"eval_duration":2}\n',
    })
    expect(
      (await ask('/api/generate', { model: 'M', prompt: 'x' }, delta('Hi'), delta('', { thinking: 'hm' }), done)).text,
    ).toBe(
      '{"model":"M","created_at":"NOW","response":"Hi","done":false}\n' +
        '{"model":"M","created_at":"NOW","response":"","thinking":"hm","done":false}\n' +
        '{"model":"M","created_at":"NOW","response":"","done":true,"done_reason":"stop","context":[1,2,3],' +
        '"total_duration":6,"prompt_eval_count":5,"prompt_eval_duration":4,"eval_count":3,"eval_duration":2}\n',
    )
  })

  test('tells nothing of the loading of a model', async () => {
    const { text } = await ask('/api/chat', { model: 'M' }, { type: 'loading', fraction: 0.5 }, delta('a'), done)
    expect(text.split('\n')).toHaveLength(3)
  })

  test('names tool calls whole, with index and arguments in their order', async () => {
    const call = { id: 'call_1', function: { index: 1, name: 'f', arguments: { z: 1, a: '<' } } }
    const plain = { function: { name: 'g', arguments: {} } }
    const { text } = await ask('/api/chat', { model: 'M' }, delta('', { toolCalls: [call, plain] }), done)
    expect(text.split('\n')[0]).toBe(
      '{"model":"M","created_at":"NOW","message":{"role":"assistant","content":"","tool_calls":[' +
        '{"id":"call_1","function":{"index":1,"name":"f","arguments":{"z":1,"a":"\\u003c"}}},' +
        '{"function":{"index":0,"name":"g","arguments":{}}}]},"done":false}',
    )
  })

  test('carries log probabilities where the endpoint has them', async () => {
    const logprobs = [
      { token: 'a', logprob: -0.5, bytes: [97], topLogprobs: [{ token: 'b', logprob: -1, bytes: [98] }] },
      { token: '', logprob: 0, bytes: [], topLogprobs: [] },
    ]
    const expected =
      '"logprobs":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1,"bytes":[98]}]},' +
      '{"token":"","logprob":0}]'
    const chat = await ask('/api/chat', { model: 'M' }, delta('a', { logprobs }), done)
    expect(chat.text.split('\n')[0]).toBe(
      `{"model":"M","created_at":"NOW","message":{"role":"assistant","content":"a"},"done":false,${expected}}`,
    )
    const generate = await ask('/api/generate', { model: 'M', prompt: 'x' }, delta('a', { logprobs }), done)
    expect(generate.text.split('\n')[0]).toBe(
      `{"model":"M","created_at":"NOW","response":"a","done":false,${expected}}`,
    )
  })
})

describe('an answer in one piece', () => {
  test('joins what the pieces said and ends without a line break', async () => {
    const pieces = [delta('', { thinking: 'a' }), delta('', { thinking: 'b' }), delta('x'), delta('y'), done] as const
    expect(await ask('/api/chat', { model: 'M', stream: false }, ...pieces)).toEqual({
      status: 200,
      type: json,
      text:
        '{"model":"M","created_at":"NOW","message":{"role":"assistant","content":"xy","thinking":"ab"},"done":true,' +
        '"done_reason":"stop","total_duration":6,"prompt_eval_count":5,"prompt_eval_duration":4,"eval_count":3,"eval_duration":2}',
    })
    expect((await ask('/api/generate', { model: 'M', prompt: 'x', stream: false }, ...pieces)).text).toBe(
      '{"model":"M","created_at":"NOW","response":"xy","thinking":"ab","done":true,"done_reason":"stop","context":[1,2,3],' +
        '"total_duration":6,"prompt_eval_count":5,"prompt_eval_duration":4,"eval_count":3,"eval_duration":2}',
    )
  })

  test('joins tool calls only when the request had tools', async () => {
    const call = (name: string) => delta('', { toolCalls: [{ function: { name, arguments: {} } }] })
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const withTools = await ask('/api/chat', { model: 'M', stream: false, tools }, call('f'), call('g'), done)
    expect(
      JSON.parse(withTools.text).message.tool_calls.map((c: { function: { name: string } }) => c.function.name),
    ).toEqual(['f', 'g'])
    const without = await ask('/api/chat', { model: 'M', stream: false }, call('f'), done)
    expect(JSON.parse(without.text).message).toEqual({ role: 'assistant', content: '' })
  })

  test('joins log probabilities', async () => {
    const piece = (token: string) => delta(token, { logprobs: [{ token, logprob: -1, bytes: [1] }] })
    const { text } = await ask('/api/chat', { model: 'M', stream: false }, piece('a'), piece('b'), done)
    expect(JSON.parse(text).logprobs.map((l: { token: string }) => l.token)).toEqual(['a', 'b'])
  })
})

describe('loading, unloading and a rendered prompt are one plain object, streamed or not', () => {
  test.each(['load', 'unload'] as const)('%s', async reason => {
    for (const stream of [undefined, true, false]) {
      const chat = await ask(
        '/api/chat',
        { model: 'M', stream },
        { type: 'loading', fraction: 1 },
        { type: 'done', reason },
      )
      expect(chat).toEqual({
        status: 200,
        type: json,
        text: `{"model":"M","created_at":"NOW","message":{"role":"assistant","content":""},"done":true,"done_reason":"${reason}"}`,
      })
      const generate = await ask('/api/generate', { model: 'M', stream }, { type: 'done', reason })
      expect(generate).toEqual({
        status: 200,
        type: json,
        text: `{"model":"M","created_at":"NOW","response":"","done":true,"done_reason":"${reason}"}`,
      })
    }
  })

  test('a rendered prompt', async () => {
    const event: InferenceEvent = { type: 'debug', renderedTemplate: '<|im_start|>', imageCount: 0 }
    expect(await ask('/api/generate', { model: 'M', _debug_render_only: true }, event)).toEqual({
      status: 200,
      type: json,
      text: '{"model":"M","created_at":"NOW","response":"","done":false,"_debug_info":{"rendered_template":"\\u003c|im_start|\\u003e"}}',
    })
    const pictured = await ask('/api/chat', { model: 'M', _debug_render_only: true }, { ...event, imageCount: 2 })
    expect(JSON.parse(pictured.text)._debug_info).toEqual({ rendered_template: '<|im_start|>', image_count: 2 })
  })
})

describe('errors', () => {
  const failing = (problem: unknown, ...before: InferenceEvent[]) =>
    scriptedApi(async function* () {
      yield* before
      throw problem
    }).api
  const crash = new Problem('engine-crashed', 500, 'model runner has unexpectedly stopped')

  test('before the first byte carry their status; a stream that upstream opened before has no charset', async () => {
    const missing = new Problem('model-not-found', 404, "model 'x' not found")
    for (const [problem, stream, type] of [
      [missing, true, json],
      [missing, false, json],
      [crash, true, bareJson],
      [crash, false, json],
    ] as const) {
      const response = await failing(problem).fetch(post('/api/chat', { model: 'x', stream }))
      expect([response.status, response.headers.get('content-type')]).toEqual([problem.status, type])
      expect(await response.text()).toBe(JSON.stringify({ error: problem.message }))
    }
  })

  test('while a model loads still carry their status', async () => {
    const response = await failing(crash, { type: 'loading', fraction: 0.1 }).fetch(
      post('/api/generate', { model: 'x' }),
    )
    expect(response.status).toBe(500)
  })

  test('after the first byte are a last line', async () => {
    const response = await failing(crash, delta('a')).fetch(post('/api/chat', { model: 'x' }))
    expect(response.status).toBe(200)
    expect((await textOf(response)).split('\n').slice(1)).toEqual([
      '{"error":"model runner has unexpectedly stopped"}',
      '',
    ])
  })

  test('in an answer of one piece turn the whole into an error', async () => {
    const response = await failing(crash, delta('a')).fetch(post('/api/chat', { model: 'x', stream: false }))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'model runner has unexpectedly stopped' })
  })

  test('nobody foresaw are 500 with their text', async () => {
    const response = await failing(new TypeError('x is not a function')).fetch(post('/api/chat', { model: 'x' }))
    expect([response.status, await response.json()]).toEqual([500, { error: 'x is not a function' }])
  })
})

describe('a client that leaves', () => {
  const endless = () => {
    const state = { aborted: false, ended: false, told: 0 }
    const { api } = scriptedApi(async function* (_, signal) {
      signal.addEventListener('abort', () => {
        state.aborted = true
      })
      try {
        for (;;) {
          await new Promise(resolve => setTimeout(resolve, 1))
          signal.throwIfAborted()
          state.told++
          yield delta('x')
        }
      } finally {
        state.ended = true
      }
    })
    return { api, state }
  }

  test('in the middle of a stream ends inference at once', async () => {
    const { api, state } = endless()
    const response = await api.fetch(post('/api/chat', { model: 'x' }))
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(state).toMatchObject({ aborted: true, ended: true })
  })

  test('before an answer of one piece ends inference, too', async () => {
    const { api, state } = endless()
    const leaving = new AbortController()
    const pending = api.fetch(post('/api/chat', { model: 'x', stream: false }, { signal: leaving.signal }))
    await expect.poll(() => state.told).toBeGreaterThan(0)
    leaving.abort('whatever the transport says')
    const response = await pending
    expect([response.status, await response.json()]).toEqual([499, { error: 'request canceled' }])
    expect(state).toMatchObject({ aborted: true, ended: true })
  })

  test('whose request is aborted while the stream is read gets no error line', async () => {
    const { api, state } = endless()
    const leaving = new AbortController()
    const response = await api.fetch(post('/api/chat', { model: 'x' }, { signal: leaving.signal }))
    const reader = response.body!.getReader()
    await reader.read()
    leaving.abort()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      rest += Buffer.from(value).toString()
    }
    expect(rest).not.toContain('error')
    expect(state.ended).toBe(true)
  })

  test('who reads slowly is waited for: nothing is made ahead', async () => {
    const { api, state } = endless()
    const response = await api.fetch(post('/api/chat', { model: 'x' }))
    const reader = response.body!.getReader()
    await reader.read()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(state.told).toBeLessThanOrEqual(2)
    await reader.cancel()
  })
})
