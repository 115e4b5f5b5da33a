import { tone } from '../../sounds.ts'
import { asksWeather, weather } from './inference.ts'
import { answers, bare, failsOpenAi, get, holding, post, type Request, type Row } from './row.ts'

const messages = [{ role: 'user', content: 'What is the capital of France?' }]
const short = { model: 'hearth-demo', messages, reasoning_effort: 'none', temperature: 0, max_tokens: 1 }
const chat = (rule: string, fields: object) => post(rule, '/v1/chat/completions', { ...short, ...fields })
const saying = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const sse = 'text/event-stream'

const head = '"created":<seconds>,"model":"hearth-demo","system_fingerprint":"fp_ollama"'
const usage = '"usage":{"prompt_tokens":23,"completion_tokens":1,"total_tokens":24}'
const chunk = (choices: string, more = ''): string =>
  `data: {"id":<chatcmpl->,"object":"chat.completion.chunk",${head},"choices":[${choices}]${more}}\n\n`
const chunks =
  chunk('{"index":0,"delta":{"role":"assistant","content":"The"},"finish_reason":null}') +
  chunk('{"index":0,"delta":{},"finish_reason":"length"}')

const asked = {
  messages: asksWeather.messages,
  tools: asksWeather.tools,
  reasoning_effort: 'none',
  max_tokens: undefined,
}
const calledWith = String.raw`"{\"location\":\"Paris\",\"format\":\"celsius\"}"`
const calls =
  '"tool_calls":[{"id":<call_>,"index":0,"type":"function","function":' +
  `{"name":"get_current_weather","arguments":${calledWith}}}]`
const callUsage = '"usage":{"prompt_tokens":82,"completion_tokens":32,"total_tokens":114}'

const efforts = '(must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")'

/** §10.1. */
export const chatCompletions: readonly Row[] = [
  answers(
    chat('whole', {}),
    `{"id":<chatcmpl->,"object":"chat.completion",${head},"choices":[{"index":0,"message":{"role":"assistant","content":"The"},"finish_reason":"length"}],${usage}}\n`,
    bare,
  ),
  answers(chat('a stream', { stream: true }), `${chunks}data: [DONE]\n\n`, sse),
  answers(
    chat('a stream with its usage', { stream: true, stream_options: { include_usage: true } }),
    `${chunks}${chunk('', `,${usage}`)}data: [DONE]\n\n`,
    sse,
  ),
  answers(
    chat('what is ignored', {
      max_completion_tokens: 9,
      tool_choice: 'required',
      n: 3,
      user: 'u',
      logit_bias: { a: 1 },
      keep_alive: 0,
      options: { num_predict: 9 },
    }),
    /"finish_reason":"length"/,
    bare,
  ),
  answers(
    chat('temperature and top_p, max_tokens, stop and seed', {
      top_p: 0.5,
      stop: ['x'],
      seed: 1,
      frequency_penalty: 0.1,
      presence_penalty: 0.1,
    }),
    /"completion_tokens":1,/,
    bare,
  ),
  answers(
    chat('each part of a content is a message', {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'A' },
            { type: 'text', text: 'B' },
          ],
        },
      ],
      _debug_render_only: true,
    }),
    /"rendered_template":"[^"]*user\\nA[^"]*user\\nB/,
    bare,
  ),
  answers(
    chat('a JSON schema', {
      max_tokens: 20,
      response_format: { type: 'json_schema', json_schema: { schema: { const: 5 } } },
    }),
    /"content":"5"/,
    bare,
  ),
  answers(chat('JSON', { max_tokens: 40, response_format: { type: 'json_object' } }), /"content":"\{/, bare),
  answers(
    chat('log probabilities', { logprobs: true, top_logprobs: 1 }),
    /"logprobs":\{"content":\[\{"token":"The","logprob":[^,]+,"bytes":\[84,104,101\],"top_logprobs":\[\{"token":"The",/,
    bare,
  ),
  answers(
    chat('reasoning', { reasoning_effort: 'high', max_tokens: 3 }),
    /"message":\{"role":"assistant","content":"","reasoning":"[^"]+"\}/,
    bare,
  ),
  answers(
    chat('a call', asked),
    `{"id":<chatcmpl->,"object":"chat.completion",${head},"choices":[{"index":0,"message":{"role":"assistant","content":"",${calls}},"finish_reason":"tool_calls"}],${callUsage}}\n`,
    bare,
  ),
  answers(
    chat('a call in a stream', { ...asked, stream: true, stream_options: { include_usage: true } }),
    chunk(`{"index":0,"delta":{"role":"assistant","content":"",${calls}},"finish_reason":null}`) +
      chunk('{"index":0,"delta":{},"finish_reason":"tool_calls"}') +
      chunk('', `,${callUsage}`) +
      'data: [DONE]\n\n',
    sse,
  ),
  answers(
    chat('a tool’s result finds the name of its call, thoughts go before', {
      messages: [
        ...asksWeather.messages,
        {
          role: 'assistant',
          reasoning: 'Hm.',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'get_current_weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      ],
      tools: [weather],
      _debug_render_only: true,
    }),
    /"rendered_template":"[^"]*(?:\\"[^"]*)*\\u003ctool_call\\u003e[^"]*(?:\\"[^"]*)*sunny/,
    bare,
  ),
  failsOpenAi(chat('no messages', { messages: [] }), 400, "[] is too short - 'messages'"),
  failsOpenAi(
    chat('a picture by its address', saying([{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }])),
    400,
    'image URLs are not currently supported, please use base64 encoded data instead',
  ),
  failsOpenAi(
    chat('a picture of another type', saying([{ type: 'image_url', image_url: 'data:image/gif;base64,AA==' }])),
    400,
    'invalid image input',
  ),
  failsOpenAi(chat('a part nobody knows', saying([{ type: 'video' }])), 400, 'invalid message format'),
  failsOpenAi(chat('no content', saying(null)), 400, 'invalid message content type: <nil>'),
  failsOpenAi(
    chat('arguments that are no JSON', {
      messages: [
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{' } }] },
      ],
    }),
    400,
    'invalid tool call arguments',
  ),
  failsOpenAi(
    chat('an effort nobody knows', { reasoning_effort: 'some' }),
    400,
    `invalid reasoning value: "some" ${efforts}`,
  ),
  failsOpenAi(
    chat('an effort of a model that cannot think', { model: 'echo', reasoning_effort: 'high' }),
    400,
    '"echo" does not support thinking',
  ),
  failsOpenAi(chat('a model nobody has', { model: 'nobody' }), 404, "model 'nobody' not found"),
  failsOpenAi(
    chat('a model nobody has, in a stream', { model: 'nobody', stream: true }),
    404,
    "model 'nobody' not found",
  ),
]

const prompted = { model: 'echo', prompt: 'x', temperature: 0, max_tokens: 1 }
const completion = (rule: string, fields: object) => post(rule, '/v1/completions', { ...prompted, ...fields })

/** §10.2 to §10.4. */
export const completionsAndModels: readonly Row[] = [
  answers(
    completion('whole', {}),
    /^\{"id":<cmpl->,"object":"text_completion","created":<seconds>,"model":"echo","system_fingerprint":"fp_ollama","choices":\[\{"text":"[^"]*","index":0,"finish_reason":"length"\}\],"usage":\{"prompt_tokens":\d+,"completion_tokens":1,"total_tokens":\d+\}\}\n$/,
    bare,
  ),
  answers(
    completion('a stream with its usage: zeros until the last', {
      stream: true,
      stream_options: { include_usage: true },
    }),
    /^data: \{"id":<cmpl->,"object":"text_completion","created":<seconds>,"choices":\[\{"text":"[^"]*","index":0,"finish_reason":null\}\],"model":"echo","system_fingerprint":"fp_ollama","usage":\{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0\}\}\n\n[\s\S]*"choices":\[\],"model":"echo","system_fingerprint":"fp_ollama","usage":\{"prompt_tokens":\d+,"completion_tokens":1,"total_tokens":\d+\}\}\n\ndata: \[DONE\]\n\n$/,
    sse,
  ),
  answers(
    completion('no thoughts and no log probabilities', {
      model: 'hearth-demo',
      prompt: 'What is the capital of France?',
      max_tokens: 100,
      logprobs: 3,
    }),
    /^\{"id":<cmpl->,[^[]*"choices":\[\{"text":"The capital of France is Paris\.","index":0,"finish_reason":"stop"\}\],"usage":\{"prompt_tokens":17,"completion_tokens":\d\d,"total_tokens":\d\d\}\}\n$/,
    bare,
  ),
  answers(
    post('fill in the middle', '/v1/completions', {
      model: 'filling',
      prompt: 'a',
      suffix: 'b',
      _debug_render_only: true,
    }),
    /"rendered_template":"\\u003cP\\u003ea\\u003cS\\u003eb\\u003cM\\u003e"/,
    bare,
  ),
  failsOpenAi(completion('a stop that is no text', { stop: ['a', 1] }), 400, "invalid type for 'stop' field: float64"),
  failsOpenAi(
    completion('a list of prompts', { prompt: ['a'] }),
    400,
    'json: cannot unmarshal array into Go struct field CompletionRequest.prompt of type string',
  ),
  {
    ...get('the list', '/v1/models'),
    status: 200,
    type: bare,
    answer:
      /^\{"object":"list","data":\[.*\{"id":"hearth-demo:latest","object":"model","created":<seconds>,"owned_by":"library"\}.*\]\}\n$/,
  },
  answers(
    get('one', '/v1/models/hearth-demo'),
    '{"id":"hearth-demo","object":"model","created":<seconds>,"owned_by":"library"}\n',
    bare,
  ),
  failsOpenAi(get('one nobody has', '/v1/models/nobody'), 404, "model 'nobody:latest' not found"),
  {
    ...get('a name with a slash', '/v1/models/mike/nobody'),
    status: 404,
    type: 'text/plain',
    answer: '404 page not found',
  },
  answers(
    post('a vector in base64, in whatever case it is written', '/v1/embeddings', {
      model: 'bert',
      input: 'a',
      dimensions: 1,
      encoding_format: 'BASE64',
    }),
    /^\{"object":"list","data":\[\{"object":"embedding","embedding":"[A-Za-z0-9+/]{6}==","index":0\}\]/,
    bare,
  ),
  ...[undefined, null, []].map(input =>
    failsOpenAi(
      post(`input ${JSON.stringify(input)}`, '/v1/embeddings', { model: 'bert', input }),
      400,
      'invalid input',
    ),
  ),
  failsOpenAi(post('tokens', '/v1/embeddings', { model: 'bert', input: [1, 2] }), 400, 'invalid input type'),
  failsOpenAi(
    post('another encoding', '/v1/embeddings', { model: 'bert', input: 'a', encoding_format: 'hex' }),
    400,
    "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].",
  ),
  failsOpenAi(
    post('a model nobody has', '/v1/embeddings', { model: 'Nobody', input: 'a' }),
    404,
    'model "Nobody" not found, try pulling it first',
  ),
]

const respond = (rule: string, fields: object) =>
  post(rule, '/v1/responses', {
    model: 'hearth-demo',
    reasoning: { effort: 'none' },
    temperature: 0,
    max_output_tokens: 1,
    ...fields,
  })
const response = (status: string, output: string, more: string): string =>
  `"id":<resp_>,"object":"response","created_at":<seconds>,${more},"status":"${status}","incomplete_details":null,"model":"hearth-demo",` +
  `"previous_response_id":null,"instructions":null,"output":[${output}],"error":null,"tools":[],"tool_choice":"auto","truncation":"disabled",` +
  '"parallel_tool_calls":true,"text":{"format":{"type":"text"}},"top_p":1,"presence_penalty":0,"frequency_penalty":0,"top_logprobs":0,' +
  '"temperature":0,"reasoning":{"effort":"none","summary":null},'
const item =
  '{"id":<msg_>,"type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"The","annotations":[],"logprobs":[]}]}'

const calling = {
  input: asksWeather.messages,
  tools: [{ type: 'function', ...weather.function }],
  max_output_tokens: undefined,
}
const called = (status: string, values: string) =>
  `{"arguments":${values},"call_id":<call_>,"id":<fc_>,"name":"get_current_weather","status":"${status}","type":"function_call"}`

/** §10.5. */
export const responses: readonly Row[] = [
  answers(
    respond('whole', { input: 'What is the capital of France?' }),
    `{${response('completed', item, '"completed_at":<seconds>')}"usage":{"input_tokens":23,"output_tokens":1,"total_tokens":24,` +
      '"input_tokens_details":{"cached_tokens":0},"output_tokens_details":{"reasoning_tokens":0}},"max_output_tokens":1,"max_tool_calls":null,' +
      '"store":false,"background":false,"service_tier":"default","metadata":{},"safety_identifier":null,"prompt_cache_key":null}\n',
    bare,
  ),
  {
    ...respond('a stream: events in order, counted', { input: 'What is the capital of France?', stream: true }),
    status: 200,
    type: sse,
    answer: new RegExp(
      `^${[
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.completed',
      ]
        .map(
          (name, index) =>
            `event: ${name.replaceAll('.', '\\.')}\\ndata: [^\\n]*"sequence_number":${index}[,}][^\\n]*\\n\\n`,
        )
        .join('')}$`,
    ),
    answerHeaders: { 'cache-control': 'no-cache' },
  },
  answers(
    respond('a call', calling),
    holding(
      `"output":[{"id":<fc_>,"type":"function_call","status":"completed","call_id":<call_>,"name":"get_current_weather","arguments":${calledWith}}],"error":null,`,
    ),
    bare,
  ),
  answers(
    respond('a call in a stream', { ...calling, stream: true }),
    holding(
      [
        `{"item":${called('in_progress', '""')},"output_index":0,"sequence_number":2,"type":"response.output_item.added"}`,
        `{"delta":${calledWith},"item_id":<fc_>,"output_index":0,"sequence_number":3,"type":"response.function_call_arguments.delta"}`,
        `{"arguments":${calledWith},"item_id":<fc_>,"output_index":0,"sequence_number":4,"type":"response.function_call_arguments.done"}`,
        `{"item":${called('completed', calledWith)},"output_index":0,"sequence_number":5,"type":"response.output_item.done"}`,
        '',
      ]
        .map(data =>
          data ? `event: ${/"type":"([\w.]+)"\}$/.exec(data)![1]}\ndata: ${data}\n\n` : 'event: response.completed\n',
        )
        .join(''),
    ),
    sse,
  ),
  answers(
    respond('an earlier search of the web is skipped, a role is enough of a type', {
      input: [
        { type: 'web_search_call', id: 'w' },
        { role: 'user', content: 'What is the capital of France?' },
      ],
    }),
    /"text":"The".*"usage":\{"input_tokens":23,/,
    bare,
  ),
  answers(
    respond('what is ignored', {
      input: 'What is the capital of France?',
      previous_response_id: 'resp_1',
      conversation: 'c',
      store: true,
      tool_choice: 'required',
      metadata: { a: 'b' },
    }),
    /"previous_response_id":null,.*"tool_choice":"auto",.*"store":false,.*"metadata":\{\},/,
    bare,
  ),
  answers(
    respond('tools of a namespace, told back as they came', {
      input: 'Hello',
      tools: [
        { type: 'namespace', name: 'places', tools: [{ type: 'function', name: 'weather', parameters: {} }] },
        {
          type: 'function',
          name: 'clock',
          description: 'Tells the time',
          strict: true,
          parameters: { type: 'object' },
        },
      ],
    }),
    holding(
      '"tools":[{"type":"namespace","name":"places","description":null,"strict":null,"parameters":null,"tools":[{"type":"function","name":"weather","description":null,"strict":null,"parameters":{}}]},{"type":"function","name":"clock","description":"Tells the time","strict":true,"parameters":{"type":"object"}}],',
    ),
    bare,
  ),
  failsOpenAi(
    respond('an effort nobody knows', { input: 'a', reasoning: { effort: 'much' } }),
    400,
    `invalid reasoning value: "much" ${efforts}`,
  ),
  failsOpenAi(
    respond('a file', { input: [{ role: 'user', content: [{ type: 'input_file' }] }] }),
    400,
    'file inputs are not currently supported',
  ),
  failsOpenAi(
    respond('an item of another type', { input: [{ type: 'x' }] }),
    400,
    'input[0]: unknown input item type: "x"',
  ),
  failsOpenAi(
    respond('an item of no type', { input: [{}] }),
    400,
    "input[0]: input item missing required 'type' field",
  ),
  failsOpenAi(
    respond('an input that is neither', { input: 5 }),
    400,
    'input must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage',
  ),
  failsOpenAi(respond('a model nobody has', { model: 'nobody', input: 'a' }), 404, "model 'nobody' not found"),
]

/** A form with its fields in order, as a client's FormData sends it. */
function form(rule: string, fields: Readonly<Record<string, string | Buffer>>): Request {
  const parts = Object.entries(fields).map(([name, value]) => {
    const file = typeof value === 'string' ? '' : '; filename="a.wav"\r\nContent-Type: audio/wav'
    const head = `--part\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`
    return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')])
  })
  const body = Buffer.concat([...parts, Buffer.from('--part--\r\n')])
  const headers = { 'content-type': 'multipart/form-data; boundary=part' }
  return { ...post(rule, '/v1/audio/transcriptions', body), headers }
}

const sound = tone(440)

/** §10.6. */
export const transcriptions: readonly Row[] = [
  answers(form('a recording', { model: 'hearer', file: sound }), /^\{"text":"[^"]*"\}\n$/, bare),
  answers(
    form('as plain text, with what is known of it', {
      model: 'hearer',
      file: sound,
      language: 'en',
      prompt: 'Lena',
      response_format: 'text',
    }),
    /^[^{]*$/,
    'text/plain',
  ),
  failsOpenAi(form('no model', { file: sound }), 400, 'model is required'),
  failsOpenAi(form('no file', { model: 'hearer' }), 400, 'file is required: http: no such file'),
  failsOpenAi(form('an empty file', { model: 'hearer', file: Buffer.alloc(0) }), 400, 'audio file is empty'),
  failsOpenAi(form('a model nobody has', { model: 'nobody', file: sound }), 404, "model 'nobody' not found"),
  failsOpenAi(
    post('no form', '/v1/audio/transcriptions', {}),
    400,
    "failed to parse multipart form: request Content-Type isn't multipart/form-data",
  ),
]
