import { answers, charset, fails, oneNumber, post, type Row } from './row.ts'

const quick = { num_predict: 1, temperature: 0 }
const thinking = { num_predict: 4, temperature: 0 }
const prompt = 'What is the capital of France?'
const whole = { model: 'hearth-demo', prompt, think: false, stream: false, options: quick }
const rendered = (text: string): string =>
  `{"model":"echo","created_at":<time>,"response":"","done":false,"_debug_info":{"rendered_template":${JSON.stringify(text)}}}`
const generate = (rule: string, fields: object) => post(rule, '/api/generate', { model: 'echo', ...fields })
const render = (rule: string, fields: object, text: string): Row =>
  answers(generate(rule, { _debug_render_only: true, ...fields }), rendered(text))
const end =
  '"done":true,"done_reason":"length","context":[CONTEXT],"total_duration":<ns>,"prompt_eval_count":23,' +
  '"prompt_eval_duration":<ns>,"eval_count":1,"eval_duration":<ns>}'
/** Every piece of a pattern but CONTEXT is meant as it stands. */
const withContext = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('CONTEXT', '\\d+(?:,\\d+){23}')}$`)

/** §3: a row for each field of /api/generate, and for each shape of its answer. */
export const generation: readonly Row[] = [
  answers(
    post('whole, keys in order', '/api/generate', whole),
    withContext(`{"model":"hearth-demo","created_at":<time>,"response":"The",${end}`),
  ),
  answers(
    post('a stream: pieces, then the costs', '/api/generate', { ...whole, stream: undefined }),
    withContext(
      '{"model":"hearth-demo","created_at":<time>,"response":"The","done":false}\n' +
        `{"model":"hearth-demo","created_at":<time>,"response":"",${end}\n`,
    ),
    'application/x-ndjson',
  ),
  answers(
    post('thinking stands behind the response', '/api/generate', { ...whole, think: true, options: thinking }),
    /^\{"model":"hearth-demo","created_at":<time>,"response":"","thinking":"[^"]+","done":true,/,
  ),
  answers(
    post('raw: no context', '/api/generate', { ...whole, think: undefined, raw: true }),
    /^\{"model":"hearth-demo","created_at":<time>,"response":"[^"]*","done":true,"done_reason":"length","total_duration":<ns>,"prompt_eval_count":\d+,/,
  ),
  ...[{ template: 'x' }, { system: 'x' }, { context: [1] }].map(field =>
    fails(
      generate(`raw with ${JSON.stringify(field)}`, { prompt: 'x', raw: true, ...field }),
      400,
      'raw mode does not support template, system, or context',
    ),
  ),
  render('prompt', { prompt: 'Hello' }, '[](Hello)'),
  render('system', { prompt: 'Hello', system: 'S' }, '[S](Hello)'),
  render('template', { prompt: 'Hello', system: 'S', template: '{{ .Prompt }}/{{ .System }}' }, 'Hello/S'),
  answers(
    generate('raw, what HTML knows escaped', { prompt: '<Hello>', raw: true, _debug_render_only: true }),
    rendered('<Hello>').replace('<Hello>', String.raw`\u003cHello\u003e`),
  ),
  answers(
    post('suffix', '/api/generate', { model: 'filling', prompt: 'a', suffix: 'b', _debug_render_only: true }),
    /"rendered_template":"\\u003cP\\u003ea\\u003cS\\u003eb\\u003cM\\u003e"/,
  ),
  {
    ...generate('a broken template', { prompt: 'x', template: '{{ .Prompt' }),
    status: 500,
    type: charset,
    answer: /^\{"error":"template: :1: unclosed action/,
  },
  answers(
    post('no token at all', '/api/generate', { ...whole, options: { num_predict: 0 } }),
    /^\{"model":"hearth-demo","created_at":<time>,"response":"","done":true,"done_reason":"length","context":\[\d+(?:,\d+){22}\],"total_duration":<ns>,"prompt_eval_count":23,"prompt_eval_duration":<ns>\}$/,
  ),
  answers(
    post('format', '/api/generate', { ...whole, format: { const: 5 }, options: { temperature: 0 } }),
    /"response":"5","done":true,"done_reason":"stop"/,
  ),
  answers(
    generate('no prompt: loads, streamed or not', {}),
    '{"model":"echo","created_at":<time>,"response":"","done":true,"done_reason":"load"}',
  ),
  answers(
    generate('no prompt, keep_alive 0: unloads', { keep_alive: 0 }),
    '{"model":"echo","created_at":<time>,"response":"","done":true,"done_reason":"unload"}',
  ),
  answers(
    post('log probabilities, with the best alternatives', '/api/generate', {
      ...whole,
      logprobs: true,
      top_logprobs: 2,
    }),
    /"logprobs":\[\{"token":"The","logprob":-?[\d.e-]+,"bytes":\[84,104,101\],"top_logprobs":\[\{"token":"The","logprob":[^}]*\},\{[^}]*\}\]\}\]\}$/,
  ),
  answers(
    post('log probabilities without alternatives', '/api/generate', { ...whole, logprobs: true }),
    /"logprobs":\[\{"token":"The","logprob":-?[\d.e-]+,"bytes":\[84,104,101\]\}\]\}$/,
  ),
]

const user = { role: 'user', content: prompt }
const chatting = { model: 'hearth-demo', messages: [user], think: false, stream: false, options: quick }
const costs =
  '"total_duration":<ns>,"prompt_eval_count":23,"prompt_eval_duration":<ns>,"eval_count":1,"eval_duration":<ns>}'
export const weather = {
  type: 'function',
  function: {
    name: 'get_current_weather',
    description: 'Get the current weather for a location',
    parameters: {
      type: 'object',
      properties: {
        location: { type: 'string', description: 'The location, e.g. San Francisco, CA' },
        format: { type: 'string', enum: ['celsius', 'fahrenheit'] },
      },
      required: ['location', 'format'],
    },
  },
}
/** A question that the demo model calls a tool for. */
export const asksWeather = {
  model: 'hearth-demo',
  messages: [{ role: 'user', content: 'What is the weather today in Paris?' }],
  tools: [weather],
  think: false,
  options: { temperature: 0 },
}
const call =
  '"tool_calls":\\[\\{"id":<call_>,"function":\\{"index":0,"name":"get_current_weather","arguments":\\{"location":"Paris[^"]*","format":"celsius"\\}\\}\\}\\]'

/** §4: the messages of /api/chat and the shapes of its answer. */
export const conversation: readonly Row[] = [
  answers(
    post('whole, keys in order', '/api/chat', chatting),
    `{"model":"hearth-demo","created_at":<time>,"message":{"role":"assistant","content":"The"},"done":true,"done_reason":"length",${costs}`,
  ),
  answers(
    post('thinking stands behind the content', '/api/chat', { ...chatting, think: true, options: thinking }),
    /"message":\{"role":"assistant","content":"","thinking":"[^"]+"\},"done":true,/,
  ),
  answers(
    post('log probabilities stand before the costs', '/api/chat', { ...chatting, logprobs: true }),
    /"done_reason":"length","logprobs":\[\{"token":"The",[^\]]*\]\}\],"total_duration"/,
  ),
  answers(
    post('no messages: loads', '/api/chat', { model: 'hearth-demo' }),
    '{"model":"hearth-demo","created_at":<time>,"message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}',
  ),
  answers(
    post('a rendered prompt', '/api/chat', { model: 'echo', messages: [user], _debug_render_only: true }),
    /^\{"model":"echo","created_at":<time>,"message":\{"role":"","content":""\},"done":false,"_debug_info":\{"rendered_template":"\[\]\(What is the capital of France\?\)"\}\}$/,
  ),
  answers(
    post('a role in capitals, and one that nobody knows', '/api/chat', {
      ...chatting,
      messages: [
        { role: 'narrator', content: 'Once' },
        { ...user, role: 'USER' },
      ],
    }),
    /"done":true/,
  ),
  fails(
    post('a list for content', '/api/chat', { messages: [{ role: 'user', content: [] }] }),
    400,
    'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
  ),
  fails(
    post('arguments of a call as a text', '/api/chat', {
      messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] }],
    }),
    400,
    "Value looks like object, but can't find closing '}' symbol",
  ),
  fails(
    post('a picture by its address', '/api/chat', { messages: [{ ...user, images: ['https://a.example/b.png'] }] }),
    400,
    'illegal base64 data at input byte 5',
  ),
  answers(
    post('a call, whole', '/api/chat', { ...asksWeather, stream: false }),
    new RegExp(`"message":\\{"role":"assistant","content":"",${call}\\},"done":true,"done_reason":"stop"`),
  ),
  answers(
    post('a call in a stream, in a piece of its own', '/api/chat', asksWeather),
    new RegExp(
      `"message":\\{"role":"assistant","content":"",${call}\\},"done":false\\}\\n[\\s\\S]*"done_reason":"stop"[^\\n]*\\n$`,
    ),
    'application/x-ndjson',
  ),
  answers(
    post('what a tool gave', '/api/chat', {
      ...asksWeather,
      stream: false,
      messages: [
        ...asksWeather.messages,
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { function: { name: 'get_current_weather', arguments: { location: 'Paris', format: 'celsius' } } },
          ],
        },
        {
          role: 'tool',
          content: '{"temperature": 22, "unit": "celsius", "condition": "sunny"}',
          tool_name: 'get_current_weather',
        },
      ],
    }),
    /"content":"[^"]*22[^"]*"\},"done":true/,
  ),
]

/** §5: vectors. */
export const vectors: readonly Row[] = [
  answers(
    post('a text', '/api/embed', { model: 'bert', input: 'a', dimensions: 1 }),
    new RegExp(
      `^{"model":"bert","embeddings":\\[\\[${oneNumber}\\]\\],"total_duration":<ns>,"prompt_eval_count":\\d+}$`,
    ),
  ),
  answers(
    post('several', '/api/embed', { model: 'bert', input: ['a', ''], dimensions: 1 }),
    new RegExp(
      `^{"model":"bert","embeddings":\\[\\[${oneNumber}\\],\\[${oneNumber}\\]\\],"total_duration":<ns>,"prompt_eval_count":\\d+}$`,
    ),
  ),
  ...['', [], null, undefined].map(input =>
    answers(
      post(`input ${JSON.stringify(input)} only loads`, '/api/embed', { model: 'bert', input }),
      '{"model":"bert","embeddings":[]}',
    ),
  ),
  ...[1, [1], { a: 1 }, ['a', 1], true].map(input =>
    fails(post(`input ${JSON.stringify(input)}`, '/api/embed', { model: 'bert', input }), 400, 'invalid input type'),
  ),
  fails(
    post('an input of another type, before the model is looked for', '/api/embed', { model: 'nobody', input: 5 }),
    400,
    'invalid input type',
  ),
  fails(
    post('a wrong option, also where there is nothing to embed', '/api/embed', {
      model: 'bert',
      options: { top_k: 'x' },
    }),
    500,
    'option "top_k" must be of type integer',
  ),
  answers(
    post('more dimensions than there are', '/api/embed', { model: 'bert', input: 'a', dimensions: 100_000 }),
    /^\{"model":"bert","embeddings":\[\[-?\d[\d.e-]*(,-?\d[\d.e-]*)+\]\],/,
  ),
  answers(
    post('too long is cut', '/api/embed', { model: 'bert', input: 'word '.repeat(5000), dimensions: 1 }),
    new RegExp(`^{"model":"bert","embeddings":\\[\\[${oneNumber}\\]\\],`),
  ),
  fails(
    post('too long must not be cut', '/api/embed', { model: 'bert', input: 'word '.repeat(5000), truncate: false }),
    400,
    'the input length exceeds the context length',
  ),
  answers(
    post('a model that writes text', '/api/embed', { model: 'hearth-demo', input: 'a', dimensions: 1 }),
    new RegExp(`^{"model":"hearth-demo","embeddings":\\[\\[${oneNumber}\\]\\],`),
  ),
  answers(
    post('the older way', '/api/embeddings', { model: 'bert', prompt: 'a' }),
    /^\{"embedding":\[-?\d[\d.e-]*(,-?\d[\d.e-]*)+\]\}$/,
  ),
  answers(post('the older way, without a text', '/api/embeddings', { model: 'bert' }), '{"embedding":[]}'),
]
