import { answers, bare, charset, fails, failsAnthropic, failsOpenAi, get, oneNumber, post, type Row } from './row.ts'

const capital = [{ role: 'user', content: 'What is the capital of France?' }]
const once = { model: 'hearth-demo', messages: capital, think: false, options: { num_predict: 1, temperature: 0 } }

const v1 = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses'] as const
const native = ['generate', 'chat', 'embed', 'embeddings', 'show', 'create', 'copy', 'pull', 'push'] as const

/** §0: what all endpoints have in common. */
export const transport: readonly Row[] = [
  answers(get('type of JSON, no line break at its end', '/api/version'), '{"version":"0.1.0"}'),
  {
    ...answers(
      post('a stream of lines, each ended by a line break', '/api/chat', once),
      '{"model":"hearth-demo","created_at":<time>,"message":{"role":"assistant","content":"The"},"done":false}\n' +
        '{"model":"hearth-demo","created_at":<time>,"message":{"role":"assistant","content":""},"done":true,' +
        '"done_reason":"length","total_duration":<ns>,"prompt_eval_count":23,"prompt_eval_duration":<ns>,' +
        '"eval_count":1,"eval_duration":<ns>}\n',
      'application/x-ndjson',
    ),
    answerHeaders: { 'content-length': null },
  },
  fails(
    post('an error behind the opening of a stream has a type without charset', '/api/chat', {
      ...once,
      messages: [{ role: 'user', content: 'word '.repeat(300) }],
      options: { num_ctx: 64 },
      truncate: false,
      shift: false,
    }),
    400,
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
    bare,
  ),
  fails(
    post('an error before it does', '/api/generate', { model: 'hearth-demo', prompt: 'x', options: { top_k: 'x' } }),
    500,
    'option "top_k" must be of type integer',
  ),
  {
    ...answers(
      post('JSON of /v1 ends with a line break, and its type has no charset', '/v1/embeddings', {
        model: 'bert',
        input: [''],
        dimensions: 1,
      }),
      new RegExp(
        `^{"object":"list","data":\\[{"object":"embedding","embedding":\\[${oneNumber}\\],"index":0}\\],"model":"bert","usage":{"prompt_tokens":\\d+,"total_tokens":\\d+}}\\n$`,
      ),
      bare,
    ),
  },
  ...[undefined, 'text/plain', 'application/x-www-form-urlencoded', 'nonsense'].map(type =>
    fails(
      {
        ...post(`a body of type ${type} is JSON`, '/api/show', '{"model":"nobody"}'),
        headers: type === undefined ? {} : { 'content-type': type },
      },
      404,
      "model 'nobody:latest' not found",
    ),
  ),
  ...native.map(name => fails(post('an empty body', `/api/${name}`, ''), 400, 'missing request body')),
  ...native.map(name => fails(post('a body of white space', `/api/${name}`, ' \r\n\t'), 400, 'missing request body')),
  fails({ rule: 'an empty body', method: 'DELETE', path: '/api/delete', body: '' }, 400, 'missing request body'),
  ...v1.map(path => failsOpenAi(post('an empty body', path, ''), 400, 'EOF')),
  failsAnthropic(post('an empty body', '/v1/messages', ''), 400, 'invalid_request_error', 'EOF'),
  fails(post('bad JSON', '/api/chat', 'x'), 400, "invalid character 'x' looking for beginning of value"),
  fails(post('JSON cut off', '/api/chat', '{"model":"m"'), 400, 'unexpected EOF'),
  fails(
    post('a text for a map', '/api/chat', { options: 'x' }),
    400,
    'json: cannot unmarshal string into Go struct field ChatRequest.options of type map[string]interface {}',
  ),
  fails(
    post('a number for a text', '/api/generate', { model: 1 }),
    400,
    'json: cannot unmarshal number into Go struct field GenerateRequest.model of type string',
  ),
  fails(
    post('a picture that is no base64', '/api/generate', { images: ['data:image/png;base64,aa'] }),
    400,
    'illegal base64 data at input byte 4',
  ),
  fails(
    post('unknown fields are ignored', '/api/chat', { nonsense: 1, model: 'nobody' }),
    404,
    "model 'nobody' not found",
  ),
  fails(post('keys in any case', '/api/chat', { MODEL: 'nobody' }), 404, "model 'nobody' not found"),
  fails(post('the last of two keys', '/api/chat', '{"model":"a","model":"b"}'), 404, "model 'b' not found"),
  fails(post('bytes behind the first value', '/api/chat', '{"model":"b"}{x'), 404, "model 'b' not found"),
  fails(post('null is all defaults', '/api/generate', 'null'), 404, "model '' not found"),
  { ...get('an unknown path', '/api/nothing'), status: 404, type: 'text/plain', answer: '404 page not found' },
  {
    ...get('a method the path does not know', '/api/show'),
    status: 405,
    type: 'text/plain',
    answer: '405 method not allowed',
    answerHeaders: { allow: 'POST' },
  },
  {
    ...post('a method the path does not know', '/api/tags', {}),
    status: 405,
    type: 'text/plain',
    answer: '405 method not allowed',
    answerHeaders: { allow: 'GET, HEAD' },
  },
  {
    ...get('a slash too many', '/api/tags/?a=b'),
    status: 301,
    type: null,
    answer: '',
    answerHeaders: { location: '/api/tags?a=b' },
  },
  {
    ...post('a slash too many, method and body kept', '/api/show/', {}),
    status: 307,
    type: null,
    answer: '',
    answerHeaders: { location: '/api/show' },
  },
  {
    ...get('a slash twice', '//api//tags?a=//b'),
    status: 301,
    type: null,
    answer: '',
    answerHeaders: { location: '/api/tags?a=//b' },
  },
  {
    ...post('a slash twice, method and body kept', '//api/show', {}),
    status: 307,
    type: null,
    answer: '',
    answerHeaders: { location: '/api/show' },
  },
  {
    ...post('maps are sorted by key, what HTML knows is escaped', '/api/copy', {
      source: '<&>\u2028',
      destination: 'a',
    }),
    status: 400,
    type: charset,
    answer: '{"error":"source \\"\\u003c\\u0026\\u003e\\\\u2028\\" is invalid"}',
  },
]

/** §1: the paths there are, and some that are not. */
export const paths: readonly Row[] = [
  answers(get('the root', '/'), 'Ollama is running', 'text/plain; charset=utf-8'),
  { ...answers({ rule: 'the root', method: 'HEAD', path: '/' }, '', 'text/plain; charset=utf-8') },
  answers({ rule: 'the version', method: 'HEAD', path: '/api/version' }, ''),
  answers(get('the cloud is off', '/api/status'), '{"cloud":{"disabled":true,"source":"config"}}'),
  answers({ rule: 'the list', method: 'HEAD', path: '/api/tags' }, ''),
  fails(post('no account', '/api/me', ''), 401, 'unauthorized'),
  fails(post('no account', '/api/signout', ''), 401, 'you are not currently signed in'),
  fails({ rule: 'no account', method: 'DELETE', path: '/api/user/keys/abc' }, 401, 'you are not currently signed in'),
  fails(post('a search of the web without a body', '/api/experimental/web_search', ''), 400, 'missing request body'),
  fails(
    post('a search of the web', '/api/experimental/web_search', { query: 'x' }),
    403,
    'ollama cloud is disabled: web search is unavailable',
  ),
  fails(
    post('a page of the web', '/api/experimental/web_fetch', { url: 'x' }),
    403,
    'ollama cloud is disabled: web fetch is unavailable',
  ),
  answers(get('recommendations', '/api/experimental/model-recommendations'), '{"recommendations":[]}'),
  ...['/v1/messages/count_tokens', '/v1/images/generations', '/api/web_search'].map(path => ({
    ...post('a path there is not', path, {}),
    status: 404,
    type: 'text/plain',
    answer: '404 page not found',
  })),
]
