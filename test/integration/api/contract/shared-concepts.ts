import { answers, bare, fails, post, type Request, type Row } from './row.ts'

const hi = [{ role: 'user', content: 'hi' }]
const tools = [{ type: 'function', function: { name: 'f' } }]
const remove = (rule: string, body: object): Request => ({ rule, method: 'DELETE', path: '/api/delete', body })

/** §2.1: how a model is named, a row for each cell of its table. */
export const names: readonly Row[] = [
  fails(post('empty', '/api/generate', {}), 404, "model '' not found"),
  fails(post('invalid', '/api/generate', { model: 'a b' }), 400, 'invalid model name'),
  fails(post('not there', '/api/generate', { model: 'Nobody' }), 404, "model 'Nobody' not found"),
  fails(post('empty', '/api/chat', {}), 400, 'model is required'),
  fails(post('invalid', '/api/chat', { model: 'a/b/c/d/e' }), 400, 'invalid model name'),
  fails(post('not there', '/api/chat', { model: 'Nobody:7b' }), 404, "model 'Nobody:7b' not found"),
  fails(post('empty', '/api/embed', {}), 404, "model '' not found"),
  fails(post('invalid', '/api/embed', { model: 'a b' }), 400, 'invalid model name'),
  fails(post('not there', '/api/embed', { model: 'Nobody' }), 404, 'model "Nobody" not found, try pulling it first'),
  fails(post('empty', '/api/embeddings', {}), 400, 'model is required'),
  fails(post('invalid', '/api/embeddings', { model: 'a b' }), 400, 'invalid model name'),
  fails(
    post('not there', '/api/embeddings', { model: 'Nobody' }),
    404,
    'model "Nobody" not found, try pulling it first',
  ),
  fails(post('empty', '/api/show', {}), 400, 'model is required'),
  fails(post('invalid', '/api/show', { model: 'a b' }), 400, 'invalid model name'),
  fails(post('not there, told with its tag', '/api/show', { name: 'Nobody' }), 404, "model 'Nobody:latest' not found"),
  fails(remove('empty', {}), 400, 'model is required'),
  fails(remove('invalid', { model: 'a b' }), 400, 'name "a b" is invalid'),
  fails(remove('not there, by its old field', { name: 'Nobody' }), 404, "model 'Nobody' not found"),
  fails(post('empty source', '/api/copy', { destination: 'b' }), 400, 'source "" is invalid'),
  fails(
    post('invalid destination', '/api/copy', { source: 'a', destination: '../b' }),
    400,
    'destination "../b" is invalid',
  ),
  fails(post('not there', '/api/copy', { source: 'Nobody', destination: 'b' }), 404, 'model "Nobody" not found'),
  fails(post('empty', '/api/create', {}), 400, 'invalid model name'),
  fails(post('invalid', '/api/create', { model: 'a b' }), 400, 'invalid model name'),
  fails(
    post('nothing to make it of, by its old field', '/api/create', { name: 'm' }),
    400,
    "neither 'from' or 'files' was specified",
    bare,
  ),
  fails(post('empty', '/api/pull', {}), 400, 'invalid model name'),
  fails(post('invalid, by its old field', '/api/pull', { name: 'a b' }), 400, 'invalid model name'),
  fails(post('empty', '/api/push', {}), 400, 'model is required'),
  answers(
    post('invalid, told behind the first step', '/api/push', { model: 'a b' }),
    '{"status":"retrieving manifest"}\n{"error":"unqualified name: a b"}\n',
    'application/x-ndjson',
  ),
  answers(
    post('invalid, told behind the first step, by its old field', '/api/push', { name: 'a b' }),
    '{"status":"retrieving manifest"}\n{"error":"unqualified name: a b"}\n',
    'application/x-ndjson',
  ),
  {
    ...post('not there', '/api/push', { model: 'nobody' }),
    status: 200,
    type: 'application/x-ndjson',
    answer:
      /^\{"status":"retrieving manifest"\}\n\{"status":"couldn't retrieve manifest"\}\n\{"error":"open \/[^"]*: no such file or directory"\}\n$/,
  },
  fails(
    post('two sources', '/api/chat', { model: 'm:cloud:local' }),
    400,
    'use either :local or :cloud, not both: "m:cloud:local"',
  ),
  fails(
    post('a model of the cloud', '/api/chat', { model: 'm:7b-cloud', messages: hi }),
    403,
    'ollama cloud is disabled: remote model is unavailable',
  ),
  fails(
    post('a model of the cloud', '/api/show', { model: 'm:cloud' }),
    403,
    'ollama cloud is disabled: remote model details are unavailable',
  ),
  answers(
    post('white space around it, any case, told back as sent', '/api/chat', { model: ' HEARTH-demo:local ' }),
    '{"model":" HEARTH-demo:local ","created_at":<time>,"message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}',
  ),
]

/** §2.2: keep_alive; which of them is obeyed, `keep alive` in contract.test.ts shows. */
export const keepAlive: readonly Row[] = [
  ...[null, 0.5, 60, -1, '10m', '1h30m', '500ms', '-1m', 1e300].map(keep_alive =>
    answers(
      post(`keep_alive ${JSON.stringify(keep_alive)}`, '/api/generate', { model: 'hearth-demo', keep_alive }),
      '{"model":"hearth-demo","created_at":<time>,"response":"","done":true,"done_reason":"load"}',
    ),
  ),
  ...[0, '0', '0s'].map(keep_alive =>
    answers(
      post(`keep_alive ${JSON.stringify(keep_alive)}`, '/api/generate', { model: 'hearth-demo', keep_alive }),
      '{"model":"hearth-demo","created_at":<time>,"response":"","done":true,"done_reason":"unload"}',
    ),
  ),
  ...(
    [
      ['"-1"', 'time: missing unit in duration "-1"'],
      ['"5"', 'time: missing unit in duration "5"'],
      ['"abc"', 'time: invalid duration "abc"'],
      ['"1x"', 'time: unknown unit "x" in duration "1x"'],
      ['true', "Unsupported type: 'bool'"],
      ['[]', "Unsupported type: '[]interface {}'"],
      ['{}', "Unsupported type: 'map[string]interface {}'"],
      ['1e400', 'json: cannot unmarshal number 1e400 into Go struct field GenerateRequest.keep_alive of type float64'],
    ] as const
  ).map(([value, error]) =>
    fails(post(`keep_alive ${value}`, '/api/generate', `{"model":"hearth-demo","keep_alive":${value}}`), 400, error),
  ),
]

const asked = { model: 'hearth-demo', messages: hi, stream: false }
const quick = { num_predict: 1, temperature: 0 }

/** §2.3 to §2.5: options, format, think. */
export const settings: readonly Row[] = [
  ...(
    [
      [{ top_k: 'x' }, 'option "top_k" must be of type integer'],
      [{ seed: true }, 'option "seed" must be of type integer'],
      [{ use_mmap: 'yes' }, 'option "use_mmap" must be of type boolean'],
      [{ temperature: '1' }, 'option "temperature" must be of type float32'],
      [{ stop: 'x' }, 'option "stop" must be of type array'],
      [{ stop: [1] }, 'option "stop" must be of an array of strings'],
    ] as const
  ).map(([options, error]) =>
    fails(post(`option ${JSON.stringify(options)}`, '/api/chat', { ...asked, options }), 500, error),
  ),
  answers(
    post('unknown options and null are ignored, fractions cut', '/api/chat', {
      ...asked,
      think: false,
      options: { ...quick, num_predict: 1.9, nonsense: 1, top_p: null },
    }),
    /"done_reason":"length".*"eval_count":1,/,
  ),
  ...(
    [
      ['xml', '"\\"xml\\""'],
      [5, '"5"'],
      [[], '"[]"'],
    ] as const
  ).map(([format, quoted]) =>
    fails(
      post(`format ${JSON.stringify(format)}`, '/api/chat', { ...asked, format }),
      500,
      `invalid format: ${quoted}; expected "json" or a valid JSON Schema object`,
    ),
  ),
  fails(
    post('format "xml", in a stream', '/api/generate', { model: 'hearth-demo', prompt: 'x', format: 'xml' }),
    500,
    'invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object',
    bare,
  ),
  ...[null, ''].map(format =>
    answers(
      post(`format ${JSON.stringify(format)} is none`, '/api/chat', { ...asked, think: false, options: quick, format }),
      /"done":true/,
    ),
  ),
  answers(
    post('format json', '/api/chat', {
      ...asked,
      think: false,
      options: { ...quick, num_predict: 40 },
      format: 'json',
    }),
    /"content":"\{/,
  ),
  answers(
    post('a JSON schema', '/api/chat', { ...asked, think: false, options: { temperature: 0 }, format: { const: 5 } }),
    /"content":"5"/,
  ),
  fails(
    post('think "ultra"', '/api/chat', { ...asked, think: 'ultra' }),
    400,
    'invalid think value: "ultra" (must be "high", "medium", "low", "max", true, or false)',
  ),
  fails(
    post('think 3', '/api/chat', { ...asked, think: 3 }),
    400,
    'think must be a boolean or string ("high", "medium", "low", "max", true, or false)',
  ),
  answers(
    post('think unset is true for a model that can', '/api/chat', { ...asked, _debug_render_only: true }),
    /"rendered_template":"[^"]*assistant\\n"/,
  ),
  answers(
    post('think false is shown to the template', '/api/chat', { ...asked, think: false, _debug_render_only: true }),
    /"rendered_template":"[^"]*\\u003cthink\\u003e\\n\\n\\u003c\/think\\u003e\\n\\n"/,
  ),
  answers(
    post('think false is accepted by a model that cannot', '/api/generate', {
      model: 'echo',
      prompt: 'x',
      think: false,
      _debug_render_only: true,
    }),
    /"rendered_template":"\[\]\(x\)"/,
  ),
]

/** All that a model of vectors cannot do. */
const impossible = {
  model: 'bert',
  raw: true,
  system: 'x',
  think: true,
  suffix: 'x',
  tools,
  options: { top_k: 'x' },
}

/** §2.6 and §2.7: what a model cannot do, and what keeps it from being asked. */
export const refusals: readonly Row[] = [
  fails(
    post('chat without completion', '/api/chat', { model: 'bert', messages: hi }),
    400,
    '"bert" does not support chat',
  ),
  fails(
    post('generate without completion', '/api/generate', { model: 'bert', prompt: 'x' }),
    400,
    '"bert" does not support generate',
  ),
  fails(
    post('tools without tools', '/api/chat', { model: 'Echo', messages: hi, tools }),
    400,
    'registry.ollama.ai/library/echo:latest does not support tools',
  ),
  fails(
    post('suffix without insert', '/api/generate', { model: 'echo', prompt: 'x', suffix: 'y' }),
    400,
    'registry.ollama.ai/library/echo:latest does not support insert',
  ),
  fails(
    post('pictures for a model of text', '/api/chat', {
      ...asked,
      messages: [{ ...hi[0], images: ['iVBORw0KGgo='] }],
    }),
    500,
    'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
  ),
  fails(
    post('thinking of a model that cannot', '/api/chat', { model: 'Echo', messages: hi, think: true }),
    400,
    '"Echo" does not support thinking',
  ),
  fails(
    post('thinking is looked at before what the model is for', '/api/generate', {
      model: 'bert',
      prompt: 'x',
      think: true,
    }),
    400,
    '"bert" does not support thinking',
  ),
  fails(
    post('a model that paints, before all that is wrong with a prompt', '/api/generate', {
      model: 'painter',
      raw: true,
      system: 'x',
    }),
    400,
    'image generation models are not currently supported',
  ),
  answers(
    post('unloading asks for nothing that a model would have to do', '/api/generate', { ...impossible, keep_alive: 0 }),
    '{"model":"bert","created_at":<time>,"response":"","done":true,"done_reason":"unload"}',
  ),
  answers(
    post('unloading asks for nothing that a model would have to do', '/api/chat', { ...impossible, keep_alive: 0 }),
    '{"model":"bert","created_at":<time>,"message":{"role":"assistant","content":""},"done":true,"done_reason":"unload"}',
  ),
  fails(
    post('raw is looked at before thinking', '/api/generate', impossible),
    400,
    'raw mode does not support template, system, or context',
  ),
  fails(
    post('what the model is for is looked at before options, also when it is only to be loaded', '/api/generate', {
      ...impossible,
      raw: false,
      think: false,
    }),
    400,
    '"bert" does not support generate',
  ),
  fails(
    post('options are looked at before format, also when it is only to be loaded', '/api/chat', {
      model: 'hearth-demo',
      options: { top_k: 'x' },
      format: 'xml',
    }),
    500,
    'option "top_k" must be of type integer',
  ),
  ...[[1344], [-1]].map(context =>
    fails(
      post(`a context of what is no token: ${context}`, '/api/generate', { ...asked, prompt: 'x', context }),
      400,
      'the prompt holds a token that the model does not have',
    ),
  ),
  fails(
    post('a prompt longer than the context that must not be cut', '/api/chat', {
      model: 'hearth-demo',
      messages: [{ role: 'user', content: 'word '.repeat(300) }],
      options: { num_ctx: 64 },
      truncate: false,
      shift: false,
    }),
    400,
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
    bare,
  ),
  ...(
    [
      ['/api/chat', 21],
      ['/api/generate', -1],
    ] as const
  ).map(([path, top_logprobs]) =>
    fails(
      post('a top_logprobs out of range, before the model is looked for', path, { model: 'nobody', top_logprobs }),
      400,
      'top_logprobs must be between 0 and 20',
    ),
  ),
]
