import { asksWeather, weather } from './inference.ts'
import { answers, bare, failsAnthropic, post, type Row } from './row.ts'

const user = { role: 'user', content: 'What is the capital of France?' }
const short = { model: 'hearth-demo', max_tokens: 1, temperature: 0, messages: [user], thinking: { type: 'disabled' } }
const ask = (rule: string, fields: object) => post(rule, '/v1/messages', { ...short, ...fields })
const saying = (block: object) => ({ messages: [{ role: 'user', content: [block] }] })
const events = (...data: readonly string[]): string =>
  data.map(text => `event: ${/"type":"(\w+)"/.exec(text)![1]}\ndata: ${text}\n\n`).join('')

const calling = {
  messages: asksWeather.messages,
  tools: [{ name: 'get_current_weather', input_schema: weather.function.parameters }],
  max_tokens: 200,
}

/** §11. */
export const anthropic: readonly Row[] = [
  answers(
    ask('whole', {}),
    '{"id":<msg_>,"type":"message","role":"assistant","model":"hearth-demo","content":[{"type":"text","text":"The"}],' +
      '"stop_reason":"max_tokens","usage":{"input_tokens":23,"output_tokens":1}}\n',
    bare,
  ),
  {
    ...answers(
      ask('a stream', { stream: true }),
      events(
        '{"type":"message_start","message":{"id":<msg_>,"type":"message","role":"assistant","model":"hearth-demo","content":[],"usage":{"input_tokens":8,"output_tokens":0}}}',
        '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The"}}',
        '{"type":"content_block_stop","index":0}',
        '{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"input_tokens":23,"output_tokens":1}}',
        '{"type":"message_stop"}',
      ),
      'text/event-stream',
    ),
    answerHeaders: { 'cache-control': 'no-cache' },
  },
  answers(
    ask('a call', calling),
    '{"id":<msg_>,"type":"message","role":"assistant","model":"hearth-demo","content":[{"type":"tool_use","id":<call_>,"name":"get_current_weather","input":{"location":"Paris","format":"celsius"}}],' +
      '"stop_reason":"tool_use","usage":{"input_tokens":70,"output_tokens":32}}\n',
    bare,
  ),
  answers(
    ask('a call in a stream', { ...calling, stream: true }),
    events(
      '{"type":"message_start","message":{"id":<msg_>,"type":"message","role":"assistant","model":"hearth-demo","content":[],"usage":{"input_tokens":66,"output_tokens":0}}}',
      '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":<call_>,"name":"get_current_weather","input":{}}}',
      String.raw`{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"location\":\"Paris\",\"format\":\"celsius\"}"}}`,
      '{"type":"content_block_stop","index":0}',
      '{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"input_tokens":70,"output_tokens":32}}',
      '{"type":"message_stop"}',
    ),
    'text/event-stream',
  ),
  answers(
    ask('thinking is a block of its own', { thinking: { type: 'enabled', budget_tokens: 1000 }, max_tokens: 3 }),
    /"content":\[\{"type":"thinking","thinking":"[^"]+","signature":""\}\],"stop_reason":"max_tokens"/,
    bare,
  ),
  answers(
    ask('thinking of a model that cannot is dropped', {
      model: 'echo',
      thinking: { type: 'enabled', budget_tokens: 9 },
    }),
    /"type":"message"/,
    bare,
  ),
  answers(
    ask('a system of blocks', {
      system: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B', cache_control: {} },
      ],
    }),
    /"type":"message"/,
    bare,
  ),
  answers(
    ask('what is ignored', { tool_choice: { type: 'auto' }, metadata: { user_id: 'u' }, top_k: 5, top_p: 0.5 }),
    /"type":"message"/,
    bare,
  ),
  answers(
    {
      ...ask('headers are ignored', {}),
      path: '/v1/messages?beta=true',
      headers: { 'x-api-key': 'x', 'anthropic-version': '2023-06-01' },
    },
    /"type":"message"/,
    bare,
  ),
  answers(
    ask('a block nobody knows is skipped', {
      messages: [{ role: 'user', content: [{ type: 'x' }, { type: 'text', text: 'hi' }] }],
    }),
    /"type":"message"/,
    bare,
  ),
  answers(
    ask('results of tools, and the thinking before them', {
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: '' },
            { type: 'tool_use', id: 'a', name: 'f', input: {} },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'Paris' }] },
      ],
    }),
    /"type":"message"/,
    bare,
  ),
  failsAnthropic(
    ask('max_tokens below zero', { max_tokens: -1 }),
    400,
    'invalid_request_error',
    'max_tokens is required and must be positive',
  ),
  failsAnthropic(ask('no model', { model: '' }), 400, 'invalid_request_error', 'model is required'),
  failsAnthropic(
    ask('no max_tokens', { max_tokens: undefined }),
    400,
    'invalid_request_error',
    'max_tokens is required and must be positive',
  ),
  failsAnthropic(ask('no messages', { messages: [] }), 400, 'invalid_request_error', 'messages is required'),
  failsAnthropic(
    ask('a picture by its address', saying({ type: 'image', source: { type: 'url', url: 'x' } })),
    400,
    'invalid_request_error',
    'invalid image source type: url. Only base64 images are supported.',
  ),
  failsAnthropic(
    ask('a call without id', {
      messages: [{ role: 'assistant', content: [{ type: 'tool_use', name: 'f', input: {} }] }],
    }),
    400,
    'invalid_request_error',
    "tool_use block missing required 'id' field",
  ),
  failsAnthropic(
    ask('a call without name', {
      messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', input: {} }] }],
    }),
    400,
    'invalid_request_error',
    "tool_use block missing required 'name' field",
  ),
  failsAnthropic(ask('a model nobody has', { model: 'nobody' }), 404, 'not_found_error', "model 'nobody' not found"),
  failsAnthropic(
    ask('tools of a model that has none', { model: 'echo', tools: [{ name: 'f', input_schema: {} }] }),
    400,
    'invalid_request_error',
    'registry.ollama.ai/library/echo:latest does not support tools',
  ),
]
