import { describe, expect, test } from 'vitest'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { Problem } from '../../../../main/problem.ts'
import { metrics, post, scriptedApi, stopsWithItsReader, telling } from '../scripted.ts'

const done = (reason: 'stop' | 'length' = 'stop'): InferenceEvent => ({ type: 'done', reason, metrics })
const delta = (content: string, more: object = {}): InferenceEvent => ({ type: 'delta', content, ...more })
const think = (thinking: string): InferenceEvent => delta('', { thinking })
const call = (id: string, name = 'f', args: object = { z: 1, a: '<' }): InferenceEvent =>
  delta('', { toolCalls: [{ id, function: { index: 0, name, arguments: args } }] })

const f = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }
const request = { model: 'M', input: 'Hi', tools: [f] }
const fetched = (body: object, ...events: InferenceEvent[]) =>
  scriptedApi(telling(...events)).api.fetch(post('/v1/responses', { ...request, ...body }))

/** Ids and moments made equal; the same one stays the same. */
function settled(text: string): string {
  const names = new Map<string, string>()
  return text
    .replace(/"(resp|msg|rs|fc)_(?:resp_)?\d+(?:_(\d))?"/g, id => {
      const name = names.get(id) ?? `"${/[a-z]+/.exec(id)![0]}#${names.size}"`
      names.set(id, name)
      return name
    })
    .replace(/"(created_at|completed_at)":\d{10}/g, '"$1":0')
}

const text = (said: string) => ({ type: 'output_text', text: said, annotations: [], logprobs: [] })
const usage = {
  input_tokens: 5,
  output_tokens: 3,
  total_tokens: 8,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens_details: { reasoning_tokens: 0 },
}

describe('an answer as a whole', () => {
  test('byte for byte, keys in upstream’s order', async () => {
    const response = await fetched({}, think('h'), think('m'), delta('Hi'), delta('!'), done('length'))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(settled(await response.text())).toBe(
      '{"id":"resp#0","object":"response","created_at":0,"completed_at":0,"status":"completed",' +
        '"incomplete_details":null,"model":"M","previous_response_id":null,"instructions":null,"output":[' +
        '{"id":"rs#1","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"hm"},' +
        '{"id":"msg#2","type":"message","status":"completed","role":"assistant","content":[' +
        '{"type":"output_text","text":"Hi!","annotations":[],"logprobs":[]}]}],"error":null,"tools":[' +
        '{"type":"function","name":"f","description":null,"strict":null,' +
        '"parameters":{"type":"object","properties":{}}}],"tool_choice":"auto","truncation":"disabled",' +
        '"parallel_tool_calls":true,"text":{"format":{"type":"text"}},"top_p":1,"presence_penalty":0,' +
        '"frequency_penalty":0,"top_logprobs":0,"temperature":1,"reasoning":null,' +
        '"usage":{"input_tokens":5,"output_tokens":3,"total_tokens":8,"input_tokens_details":{"cached_tokens":0},' +
        '"output_tokens_details":{"reasoning_tokens":0}},"max_output_tokens":null,"max_tool_calls":null,' +
        '"store":false,"background":false,"service_tier":"default","metadata":{},"safety_identifier":null,' +
        '"prompt_cache_key":null}\n',
    )
  })

  test('calls stand in the place of the message', async () => {
    const response = await fetched({}, think('hm'), delta('So'), call('c1'), call('c2', 'g', {}), done())
    expect(JSON.parse(settled(await response.text())).output).toEqual([
      { id: 'rs#1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'hm' },
      {
        id: 'fc#2',
        type: 'function_call',
        status: 'completed',
        call_id: 'c1',
        name: 'f',
        arguments: '{"z":1,"a":"\\u003c"}',
      },
      { id: 'fc#3', type: 'function_call', status: 'completed', call_id: 'c2', name: 'g', arguments: '{}' },
    ])
  })

  test('an empty message is one, too, and calls that nobody offered are none', async () => {
    const empty = { id: 'msg#1', type: 'message', status: 'completed', role: 'assistant', content: [text('')] }
    for (const response of [await fetched({}, done()), await fetched({ tools: null }, call('c1'), done())]) {
      expect(JSON.parse(settled(await response.text())).output).toEqual([empty])
    }
  })

  test('echoes what was asked for', async () => {
    const schema = { type: 'object', properties: { z: {}, a: {} } }
    const asked = {
      instructions: 'Be brief.',
      temperature: 0.5,
      top_p: 0.25,
      max_output_tokens: 9,
      truncation: 'auto',
      background: true,
      reasoning: { effort: 'high' },
      text: { format: { type: 'json_schema', name: 'n', schema, strict: true } },
      tools: [
        { type: 'function', name: 'f', description: 'does', strict: false, parameters: {} },
        { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'g' }] },
      ],
    }
    const none = { description: null, strict: null, parameters: null }
    const told = { ...asked, reasoning: { effort: 'high', summary: null } }
    const tools = [
      asked.tools[0],
      { type: 'namespace', name: 'n', ...none, tools: [{ type: 'function', name: 'g', ...none }] },
    ]
    expect(await (await fetched(asked, done())).json()).toMatchObject({ ...told, tools })
    const events = await streamed(asked, done())
    expect(events.map(event => event.response)).toMatchObject([
      { ...told, tools },
      { ...told, tools },
      { ...told, tools },
    ])
  })
})

type Event = Record<string, unknown> & { response?: Record<string, unknown> }

/** The events of a stream, each framed and numbered as upstream does it. */
async function streamed(body: object, ...events: InferenceEvent[]): Promise<Event[]> {
  return eventsOf(await (await fetched({ stream: true, ...body }, ...events)).text())
}

function eventsOf(stream: string): Event[] {
  return settled(stream)
    .split('\n\n')
    .slice(0, -1)
    .map((frame, index) => {
      const [, name, data] = /^event: ([\w.]+)\ndata: (.*)$/.exec(frame)!
      const { type, sequence_number, ...rest } = JSON.parse(data!)
      expect([type, sequence_number]).toEqual([name, index])
      return { type, ...rest }
    })
}

const item = (step: 'added' | 'done', output_index: number, value: object) => ({
  type: `response.output_item.${step}`,
  output_index,
  item: value,
})
const message = (id: string, status: string, content: object[]) => ({
  id,
  type: 'message',
  status,
  role: 'assistant',
  content,
})
const reasoning = (id: string, thought: string) => ({
  id,
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: thought }],
  encrypted_content: thought,
})

/** The events of an item that is told in pieces, and of a call. */
const saying = (item_id: string, output_index: number, ...pieces: string[]): object[] => {
  const place = { item_id, output_index, content_index: 0 }
  const whole = text(pieces.join(''))
  return [
    item('added', output_index, message(item_id, 'in_progress', [])),
    { type: 'response.content_part.added', ...place, part: text('') },
    ...pieces.map(piece => ({ type: 'response.output_text.delta', ...place, delta: piece, logprobs: [] })),
    { type: 'response.output_text.done', ...place, text: whole.text, logprobs: [] },
    { type: 'response.content_part.done', ...place, part: whole },
    item('done', output_index, message(item_id, 'completed', [whole])),
  ]
}
const thinkingOf = (item_id: string, output_index: number, ...pieces: string[]): object[] => {
  const place = { item_id, output_index, summary_index: 0 }
  const empty = { id: item_id, type: 'reasoning', summary: [{ type: 'summary_text', text: '' }] }
  return [
    item('added', output_index, empty),
    ...pieces.map(piece => ({ type: 'response.reasoning_summary_text.delta', ...place, delta: piece })),
    { type: 'response.reasoning_summary_text.done', ...place, text: pieces.join('') },
    item('done', output_index, reasoning(item_id, pieces.join(''))),
  ]
}
const calling = (item_id: string, output_index: number, call_id: string, name: string, args: string): object[] => {
  const place = { item_id, output_index }
  const value = { id: item_id, type: 'function_call', call_id, name }
  return [
    item('added', output_index, { ...value, status: 'in_progress', arguments: '' }),
    { type: 'response.function_call_arguments.delta', ...place, delta: args },
    { type: 'response.function_call_arguments.done', ...place, arguments: args },
    item('done', output_index, { ...value, status: 'completed', arguments: args }),
  ]
}

describe('an answer as a stream', () => {
  test('is framed with names and sorted keys, and says how it is sent', async () => {
    const response = await fetched({ stream: true, tools: undefined }, delta('<'), done())
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
    })
    const frames = settled(await response.text()).split('\n\n')
    expect(frames[0]).toBe(
      'event: response.created\ndata: {"response":{"background":false,"completed_at":null,"created_at":0,"error":null,' +
        '"frequency_penalty":0,"id":"resp#0","incomplete_details":null,"instructions":null,"max_output_tokens":null,' +
        '"max_tool_calls":null,"metadata":{},"model":"M","object":"response","output":[],"parallel_tool_calls":true,' +
        '"presence_penalty":0,"previous_response_id":null,"prompt_cache_key":null,"reasoning":null,' +
        '"safety_identifier":null,"service_tier":"default","status":"in_progress","store":false,"temperature":1,' +
        '"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":1,' +
        '"truncation":"disabled","usage":null},"sequence_number":0,"type":"response.created"}',
    )
    expect(frames[4]).toBe(
      'event: response.output_text.delta\ndata: {"content_index":0,"delta":"\\u003c","item_id":"msg#1","logprobs":[],' +
        '"output_index":0,"sequence_number":4,"type":"response.output_text.delta"}',
    )
    expect(frames.at(-1)).toBe('')
  })

  const args = '{"z":1,"a":"\\u003c"}'
  test.each<[string, InferenceEvent[], object[], object[]]>([
    ['nothing', [done()], [], []],
    [
      'a text in pieces',
      [{ type: 'loading', fraction: 0.5 }, delta('Hi'), delta(''), delta('!'), done('length')],
      saying('msg#1', 0, 'Hi', '!'),
      [message('msg#1', 'completed', [text('Hi!')])],
    ],
    [
      'thinking and a text',
      [think('h'), think('m'), delta('Hi'), done()],
      [...thinkingOf('rs#1', 0, 'h', 'm'), ...saying('msg#2', 1, 'Hi')],
      [reasoning('rs#1', 'hm'), message('msg#2', 'completed', [text('Hi')])],
    ],
    ['thinking alone', [think('hm'), done()], thinkingOf('rs#1', 0, 'hm'), [reasoning('rs#1', 'hm')]],
    [
      'thinking and calls; what is said after them is left out',
      [think('hm'), call('c1'), delta('\n'), call('c2', 'g', {}), delta('So'), done()],
      [...thinkingOf('rs#1', 0, 'hm'), ...calling('fc#2', 1, 'c1', 'f', args), ...calling('fc#3', 2, 'c2', 'g', '{}')],
      [
        reasoning('rs#1', 'hm'),
        { id: 'fc#2', type: 'function_call', status: 'completed', call_id: 'c1', name: 'f', arguments: args },
        { id: 'fc#3', type: 'function_call', status: 'completed', call_id: 'c2', name: 'g', arguments: '{}' },
      ],
    ],
    [
      'a text before a call, which was told and stays',
      [delta('So'), call('c1', 'f', {}), done()],
      [...saying('msg#1', 0, 'So'), ...calling('fc#2', 1, 'c1', 'f', '{}')],
      [
        message('msg#1', 'completed', [text('So')]),
        { id: 'fc#2', type: 'function_call', status: 'completed', call_id: 'c1', name: 'f', arguments: '{}' },
      ],
    ],
    [
      'thinking in the middle of a text',
      [delta('a'), think('hm'), delta('b'), done()],
      [...saying('msg#1', 0, 'a'), ...thinkingOf('rs#2', 1, 'hm'), ...saying('msg#3', 2, 'b')],
      [message('msg#1', 'completed', [text('a')]), reasoning('rs#2', 'hm'), message('msg#3', 'completed', [text('b')])],
    ],
  ])('of %s', async (_, pieces, expected, output) => {
    const events = await streamed({}, ...pieces)
    expect(events[0]).toMatchObject({ type: 'response.created', response: { status: 'in_progress', output: [] } })
    expect(events[1]).toEqual({ ...events[0], type: 'response.in_progress' })
    expect(events.slice(2, -1)).toEqual(expected)
    const started = events[0]!.response!
    expect(events.at(-1)).toEqual({
      type: 'response.completed',
      response: { ...started, status: 'completed', completed_at: 0, output, usage },
    })
  })

  test('that breaks off ends with a failed response, which keeps what was done', async () => {
    const { api } = scriptedApi(async function* () {
      yield think('hm')
      yield delta('Hi')
      throw new Problem('engine-crashed', 500, 'an error was encountered while running the model: x')
    })
    const response = await api.fetch(post('/v1/responses', { ...request, stream: true }))
    expect(response.status).toBe(200)
    expect(eventsOf(await response.text()).at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'server_error', message: 'an error was encountered while running the model: x' },
        output: [reasoning('rs#1', 'hm')],
        completed_at: null,
        usage: null,
      },
    })
  })

  test('stops inference when its reader is gone', async () => {
    expect(await stopsWithItsReader(post('/v1/responses', { ...request, stream: true }))).toBe(true)
  })
})

describe('a search of the web, which needs the cloud', () => {
  const tools = [{ type: 'web_search_preview' }]
  const search = call('c1', 'web_search', { query: 'news' })

  test('is a tool like any other to a model that does not call it', async () => {
    const { api, inference } = scriptedApi(telling(delta('Hi'), done()))
    const response = await api.fetch(post('/v1/responses', { ...request, tools }))
    expect(await response.json()).toMatchObject({ status: 'completed', output: [{ content: [text('Hi')] }], tools })
    expect(inference.asked[0]).toMatchObject({
      tools: [{ type: 'function', function: { name: 'web_search', parameters: { required: ['query'] } } }],
    })
  })

  const message = 'ollama cloud is disabled: web search is unavailable'
  test('that is called fails the response', async () => {
    const response = await fetched({ tools }, delta('Wait'), search, done())
    expect([response.status, await response.json()]).toMatchObject([403, { error: { message } }])
  })

  test('that is called in a stream is its last event, also when nothing was said before', async () => {
    for (const said of [[], [delta('Wait')]]) {
      const response = await fetched({ tools, stream: true }, ...said, search, delta('more'), done())
      const events = (await response.text()).split('\n\n').filter(event => event !== '')
      expect(events[0]).toMatch(/^event: response.created\n/)
      expect(events.at(-1)).toMatch(/^event: response.failed\n/)
      expect(JSON.parse(events.at(-1)!.split('data: ')[1]!).response).toMatchObject({
        status: 'failed',
        error: { message },
      })
    }
  })
})
