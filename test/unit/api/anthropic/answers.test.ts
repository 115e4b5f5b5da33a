import { describe, expect, test } from 'vitest'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { Problem } from '../../../../main/problem.ts'
import { metrics, post, scriptedApi, stopsWithItsReader, telling } from '../scripted.ts'

const done = (reason: 'stop' | 'length' | 'load' = 'stop'): InferenceEvent => ({ type: 'done', reason, metrics })
const delta = (content: string, more: object = {}): InferenceEvent => ({ type: 'delta', content, ...more })
const think = (thinking: string): InferenceEvent => delta('', { thinking })
const call = (id: string, name = 'f', args: object = { z: 1, a: '<' }): InferenceEvent =>
  delta('', { toolCalls: [{ id, function: { index: 0, name, arguments: args } }] })

const tools = [{ name: 'f', input_schema: { type: 'object' } }]
const request = { model: 'M', max_tokens: 9, messages: [{ role: 'user', content: 'Hello, you' }], tools }

const fetched = (body: object, ...events: InferenceEvent[]) =>
  scriptedApi(telling(...events)).api.fetch(post('/v1/messages', { ...request, ...body }))

describe('an answer as a whole', () => {
  const answered = async (...events: InferenceEvent[]) => {
    const response = await fetched({}, ...events)
    const text = await response.text()
    return { type: response.headers.get('content-type'), status: response.status, text }
  }

  test('is one object with its keys in upstream’s order and a line break', async () => {
    const { type, status, text } = await answered(think('h'), think('m'), delta('Hi'), delta('!'), call('c1'), done())
    expect([status, type]).toEqual([200, 'application/json'])
    expect(text.replace(/"msg_[0-9a-f]{24}"/, '"ID"')).toBe(
      '{"id":"ID","type":"message","role":"assistant","model":"M","content":[{"type":"thinking","thinking":"hm","signature":""},' +
        '{"type":"text","text":"Hi!"},{"type":"tool_use","id":"c1","name":"f","input":{"z":1,"a":"\\u003c"}}],' +
        '"stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":3}}\n',
    )
  })

  test('has null for content when nothing was said', async () => {
    expect(JSON.parse((await answered(done())).text)).toMatchObject({ content: null, stop_reason: 'end_turn' })
  })

  test('leaves out calls of tools that nobody offered', async () => {
    const response = await fetched({ tools: undefined }, call('c1'), done())
    expect(await response.json()).toMatchObject({ content: null, stop_reason: 'end_turn' })
  })

  test.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['load', 'stop_sequence'],
  ] as const)('that ends for %s tells %s', async (reason, stop_reason) => {
    expect(JSON.parse((await answered(delta('Hi'), done(reason))).text)).toMatchObject({ stop_reason })
    const events = await streamed({}, delta('Hi'), done(reason))
    expect(events.at(-2)).toMatchObject({ type: 'message_delta', delta: { stop_reason } })
  })
})

/** The events of a stream, each framed as upstream frames it. */
async function streamed(body: object, ...events: InferenceEvent[]): Promise<Record<string, unknown>[]> {
  const response = await fetched({ stream: true, ...body }, ...events)
  return eventsOf(await response.text())
}

function eventsOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map(frame => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame)!
      const value = JSON.parse(data!)
      expect(value.type).toBe(name)
      return value
    })
}

const startThinking = { type: 'thinking', thinking: '', signature: '' }
const startText = { type: 'text', text: '' }
const opened = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
const filled = (index: number, added: object) => ({ type: 'content_block_delta', index, delta: added })
const closed = (index: number) => ({ type: 'content_block_stop', index })
const ended = (stop_reason: string) => [
  { type: 'message_delta', delta: { stop_reason }, usage: { input_tokens: 5, output_tokens: 3 } },
  { type: 'message_stop' },
]

describe('an answer as a stream', () => {
  test('byte for byte', async () => {
    const response = await fetched({ stream: true }, delta('Hi'), delta('<'), done())
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
    })
    expect((await response.text()).replace(/"msg_[0-9a-f]{24}"/, '"ID"')).toBe(
      [
        'event: message_start',
        'data: {"type":"message_start","message":{"id":"ID","type":"message","role":"assistant","model":"M",' +
          '"content":[],"usage":{"input_tokens":8,"output_tokens":0}}}',
        '',
        'event: content_block_start',
        'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        '',
        'event: content_block_delta',
        'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}',
        '',
        'event: content_block_delta',
        'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\u003c"}}',
        '',
        'event: content_block_stop',
        'data: {"type":"content_block_stop","index":0}',
        '',
        'event: message_delta',
        'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},' +
          '"usage":{"input_tokens":5,"output_tokens":3}}',
        '',
        'event: message_stop',
        'data: {"type":"message_stop"}',
        '',
        '',
      ].join('\n'),
    )
  })

  test('thinks, speaks and calls, each in blocks of their own that count up', async () => {
    const events = await streamed(
      {},
      { type: 'loading', fraction: 0.5 },
      think('h'),
      think('m'),
      delta('Hi'),
      call('c1'),
      call('c2', 'g', {}),
      done(),
    )
    expect(events.slice(1)).toEqual([
      opened(0, startThinking),
      filled(0, { type: 'thinking_delta', thinking: 'h' }),
      filled(0, { type: 'thinking_delta', thinking: 'm' }),
      closed(0),
      opened(1, startText),
      filled(1, { type: 'text_delta', text: 'Hi' }),
      closed(1),
      opened(2, { type: 'tool_use', id: 'c1', name: 'f', input: {} }),
      filled(2, { type: 'input_json_delta', partial_json: '{"z":1,"a":"\\u003c"}' }),
      closed(2),
      opened(3, { type: 'tool_use', id: 'c2', name: 'g', input: {} }),
      filled(3, { type: 'input_json_delta', partial_json: '{}' }),
      closed(3),
      ...ended('tool_use'),
    ])
  })

  test.each<[string, InferenceEvent[], object[]]>([
    ['nothing said', [done()], ended('end_turn')],
    [
      'thinking alone',
      [think('hm'), done('length')],
      [
        opened(0, startThinking),
        filled(0, { type: 'thinking_delta', thinking: 'hm' }),
        closed(0),
        ...ended('max_tokens'),
      ],
    ],
    [
      'a call right after thinking, and a text after it',
      [think('hm'), call('c1', 'f', {}), delta('So'), done()],
      [
        opened(0, startThinking),
        filled(0, { type: 'thinking_delta', thinking: 'hm' }),
        closed(0),
        opened(1, { type: 'tool_use', id: 'c1', name: 'f', input: {} }),
        filled(1, { type: 'input_json_delta', partial_json: '{}' }),
        closed(1),
        opened(2, startText),
        filled(2, { type: 'text_delta', text: 'So' }),
        closed(2),
        ...ended('tool_use'),
      ],
    ],
    [
      'thinking in the middle of a text',
      [delta('a'), think('hm'), delta('b'), done()],
      [
        opened(0, startText),
        filled(0, { type: 'text_delta', text: 'a' }),
        closed(0),
        opened(1, startThinking),
        filled(1, { type: 'thinking_delta', thinking: 'hm' }),
        closed(1),
        opened(2, startText),
        filled(2, { type: 'text_delta', text: 'b' }),
        closed(2),
        ...ended('end_turn'),
      ],
    ],
  ])('%s', async (_, pieces, expected) => {
    expect((await streamed({}, ...pieces)).slice(1)).toEqual(expected)
  })

  test('estimates the prompt by a quarter of its bytes, unless the model has counted already', async () => {
    const tokens = async (body: object, ...events: InferenceEvent[]) =>
      ((await streamed({ tools: undefined, ...body }, ...events))[0] as { message: { usage: object } }).message.usage
    const answer = [delta('Hi'), done()]
    // user + Hello, you
    expect(await tokens({}, ...answer)).toEqual({ input_tokens: 3, output_tokens: 0 })
    expect(await tokens({ system: 'x'.repeat(400) }, ...answer)).toMatchObject({ input_tokens: 103 })
    expect(await tokens({ system: [{ type: 'text', text: '汉'.repeat(40) }] }, ...answer)).toMatchObject({
      input_tokens: 33,
    })
    const description = 'd'.repeat(40)
    expect(await tokens({ tools: [{ name: 'f', description, input_schema: {} }] }, ...answer)).toMatchObject({
      input_tokens: 14,
    })
    expect(await tokens({ messages: [{ role: '', content: '' }] }, ...answer)).toMatchObject({ input_tokens: 1 })
    expect(await tokens({}, done())).toMatchObject({ input_tokens: 5 })
  })

  test('counts what tools were given and gave', async () => {
    const content = [
      { type: 'tool_use', id: 'c1', name: 'f', input: { a: 'x'.repeat(100) } },
      { type: 'tool_result', tool_use_id: 'c1', content: 'y'.repeat(100) },
      { type: 'thinking', thinking: 'z'.repeat(100) },
    ]
    const [start] = await streamed({ tools: undefined, messages: [{ role: 'user', content }] }, delta('Hi'), done())
    const { input_tokens } = (start as { message: { usage: { input_tokens: number } } }).message.usage
    expect(input_tokens).toBeGreaterThan(75)
    expect(input_tokens).toBeLessThan(125)
  })

  test('an error after the first event is an event, and the last one', async () => {
    const { api } = scriptedApi(async function* () {
      yield delta('Hi')
      throw new Problem('engine-crashed', 500, 'an error was encountered while running the model: x')
    })
    const response = await api.fetch(post('/v1/messages', { ...request, stream: true }))
    expect(response.status).toBe(200)
    const events = eventsOf(await response.text())
    expect(events.map(event => event.type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'error',
    ])
    expect(events.at(-1)).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'an error was encountered while running the model: x' },
      request_id: expect.stringMatching(/^req_[0-9a-f]{24}$/),
    })
  })

  test('stops inference when its reader is gone', async () => {
    expect(await stopsWithItsReader(post('/v1/messages', { ...request, stream: true }))).toBe(true)
  })
})

describe('a search of the web, which needs the cloud', () => {
  const searching = { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 5 }, ...tools] }

  test('is a tool like any other to a model that does not call it', async () => {
    const { api, inference } = scriptedApi(telling(delta('Hi'), done()))
    const response = await api.fetch(post('/v1/messages', { ...request, ...searching }))
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' })
    expect(inference.asked[0]).toMatchObject({
      tools: [{ type: 'function', function: { name: 'web_search', parameters: { required: ['query'] } } }, {}],
    })
  })

  const failed = (query: string, error_code: string) => [
    {
      type: 'server_tool_use',
      id: expect.stringMatching(/^srvtoolu_[0-9a-f]{24}$/),
      name: 'web_search',
      input: { query },
    },
    {
      type: 'web_search_tool_result',
      tool_use_id: expect.stringMatching(/^srvtoolu_[0-9a-f]{24}$/),
      content: { type: 'web_search_tool_result_error', error_code },
    },
  ]

  test.each([
    [{ query: 'news' }, 'news', 'unavailable'],
    [{ query: 5 }, '', 'invalid_request'],
  ])('that is called with %j has failed, and with it the answer ends', async (args, query, code) => {
    const search = call('c1', 'web_search', args)
    const response = await fetched(searching, delta('Wait'), search, call('c2'), done())
    expect(await response.json()).toMatchObject({ content: failed(query, code), stop_reason: 'end_turn' })
  })

  test('that is called in a stream stands behind what was said before; what the model says then is left out', async () => {
    const search = call('c1', 'web_search', { query: 'news' })
    const events = await streamed(searching, delta('Wait'), search, delta('more'), call('c2'), done())
    const starts = events.filter(event => event.type === 'content_block_start')
    expect(starts.map(({ content_block }) => content_block)).toEqual([
      { type: 'text', text: '' },
      ...failed('news', 'unavailable'),
    ])
    expect(starts.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(JSON.stringify(events)).not.toContain('more')
    expect(events.at(-2)).toMatchObject({ type: 'message_delta', delta: { stop_reason: 'end_turn' } })
  })
})
