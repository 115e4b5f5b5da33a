/** Where a clause is held: a file of tests, and names of cases in it; of a table here the whole of each row's rule. */
type Held = readonly [file: string, ...cases: string[]]

const table = (file: string) => `integration/api/contract/${file}.ts`
const [transport, shared, inference, models, openai, anthropic] = [
  table('transport'),
  table('shared-concepts'),
  table('inference'),
  table('models'),
  table('openai'),
  table('anthropic'),
]
const several = 'integration/api/contract.test.ts'
const answers = 'unit/api/answers.test.ts'
const http = 'unit/api/http.test.ts'
const guard = 'unit/api/guard.test.ts'
const requests = 'unit/api/requests.test.ts'
const responses = 'unit/api/openai-responses/requests.test.ts'
const render = 'unit/inference/prompt/render.test.ts'
const scheduler = 'unit/inference/scheduler.test.ts'
const images = 'integration/inference/images.test.ts'

/**
 * The clauses of the contract, section by section in its order, and the cases that hold each: rows of the tables in
 * this folder, which are asked over HTTP and as the window asks, and tests elsewhere of what one request cannot show.
 */
export const clauses: Readonly<Record<string, Readonly<Record<string, readonly Held[]>>>> = {
  '§0 transport': {
    'address, HTTP/1.1, no Server header, a date': [
      [several, 'no Server header, a date, HTTP/1.1'],
      ['integration/serve.test.ts', 'prints its address in one line'],
    ],
    'types of JSON, with and without charset': [
      [
        transport,
        'type of JSON, no line break at its end',
        'an error behind the opening of a stream has a type without charset',
        'an error before it does',
      ],
      ['unit/api/models.test.ts', 'tells only its end, and its type has no charset'],
    ],
    'line break at the end of JSON on /v1 alone': [
      [
        transport,
        'type of JSON, no line break at its end',
        'JSON of /v1 ends with a line break, and its type has no charset',
      ],
    ],
    'a stream of lines': [
      [transport, 'a stream of lines, each ended by a line break'],
      [http, 'of a stream: chunked, one line a chunk'],
    ],
    'a stream of events': [
      [openai, 'a stream', 'a stream: events in order, counted'],
      [anthropic, 'a stream'],
      ['unit/api/sse.test.ts', 'are framed with their name and data on one line'],
    ],
    'the Content-Type of a request': [[transport, 'a body of type ${type} is JSON']],
    'an empty body': [[transport, 'an empty body', 'a body of white space']],
    'bad JSON': [
      [transport, 'bad JSON', 'JSON cut off', 'a text for a map', 'a number for a text', 'a picture that is no base64'],
    ],
    'leniency of Go’s JSON': [
      [
        transport,
        'unknown fields are ignored',
        'keys in any case',
        'the last of two keys',
        'bytes behind the first value',
        'null is all defaults',
      ],
    ],
    'an unknown path': [[transport, 'an unknown path']],
    'an address that cannot be read': [[http, '%j is the last of its connection']],
    'a wrong method': [[transport, 'a method the path does not know']],
    'a slash too many': [
      [transport, 'a slash too many', 'a slash too many, method and body kept'],
      [transport, 'a slash twice', 'a slash twice, method and body kept'],
    ],
    'order of keys': [
      [inference, 'whole, keys in order'],
      [models, 'everything of a model, keys in order', 'the list: names with their tag, keys in order'],
      [transport, 'maps are sorted by key, what HTML knows is escaped'],
    ],
    'what HTML knows is escaped': [[transport, 'maps are sorted by key, what HTML knows is escaped']],
    moments: [[several, 'moments: UTC with up to nine digits']],
    'durations, left out where 0': [
      [inference, 'no prompt: loads, streamed or not'],
      [answers, 'keys in upstream’s order, what is empty left out'],
    ],
    'a client that leaves': [
      ['integration/api/disconnect.test.ts', 'in the middle of its answer frees', 'leaves its place in the queue'],
    ],
    'compressed bodies': [
      ['integration/api/openai/openai-client.test.ts', 'a zstd body is read on /v1'],
      ['unit/api/bodies/zstd.test.ts', 'unfolds to a little more than the limit'],
    ],
    'errors before and after the first byte': [
      [answers, 'after the first byte are a last line', 'before the first byte carry their status'],
      ['integration/api/engine-failures.test.ts', 'an engine that is killed in the middle of a stream'],
    ],
  },
  '§0.1 origins': {
    'which are allowed': [['unit/api/allowed-origins.test.ts', 'vscode-webview', 'a lone star allows all']],
    'none, or the server’s own': [[guard, 'none, or the server’s own']],
    'a foreign one': [[guard, 'a foreign one gets 403 and nothing else']],
    'headers of an allowed one': [[guard, 'an allowed one is named', 'with all allowed the answer says *']],
    'a preflight': [
      [guard, 'a preflight is answered for any path'],
      [several, 'a preflight'],
    ],
    'a misconfigured one': [[http, 'with a wrong OLLAMA_ORIGINS is never bound']],
  },
  '§0.2 hosts': {
    'which are allowed': [
      ['unit/api/allowed-host.test.ts', 'this machine’s own name and addresses pass'],
      [guard, 'a rebound name is refused', 'a server for the whole network does not look at it'],
    ],
    'OPTIONS without an origin': [[guard, 'OPTIONS without an origin is 204']],
  },
  '§1 paths': {
    '/': [[transport, 'the root']],
    '/api/version': [[transport, 'the version', 'type of JSON, no line break at its end']],
    '/api/status': [[transport, 'the cloud is off']],
    '/api/tags': [[transport, 'the list']],
    account: [[transport, 'no account']],
    'searching the web': [[transport, 'a search of the web', 'a page of the web']],
    recommendations: [[transport, 'recommendations']],
    'paths there are not': [[transport, 'a path there is not']],
    'models that paint': [[shared, 'a model that paints, before all that is wrong with a prompt']],
  },
  '§2.1 names': {
    'white space, case, :local': [
      [shared, 'white space around it, any case, told back as sent'],
      [several, 'are found in any case, with and without the tag'],
    ],
    'two sources': [[shared, 'two sources']],
    'the cloud': [[shared, 'a model of the cloud']],
    'empty, invalid and missing, on each endpoint': [
      [shared, 'empty', 'invalid', 'not there', 'empty source', 'invalid destination', 'not there, told with its tag'],
      [shared, 'not there, by its old field', 'invalid, told behind the first step', 'invalid, by its old field'],
      [shared, 'nothing to make it of, by its old field', 'invalid, told behind the first step, by its old field'],
    ],
    'a pull of what the registry does not have': [['integration/registry/hostile.test.ts', 'file does not exist']],
  },
  '§2.2 keep_alive': {
    'values and their errors': [[shared, 'keep_alive ${JSON.stringify(keep_alive)}', 'keep_alive ${value}']],
    'what stays how long': [[several, 'a number of seconds, a duration, for ever', '0 with a prompt runs']],
    'the clock starts with the last answer’s end': [[scheduler, 'unloads after keep_alive, at once for 0']],
  },
  '§2.3 options': {
    precedence: [
      [several, 'the request’s win over the model’s'],
      ['unit/inference/options.test.ts', 'the request wins over the model'],
    ],
    'unknown ones, null, fractions': [[shared, 'unknown options and null are ignored, fractions cut']],
    'errors of type': [[shared, 'option ${JSON.stringify(options)}']],
    num_ctx: [
      ['unit/inference/load-options.test.ts', 'OLLAMA_CONTEXT_LENGTH', 'no more than the model was trained for'],
      ['unit/inference/load-options.test.ts', 'no fewer than 4', 'no fewer than 2048 for a model that sees'],
    ],
    'what loads a model anew': [
      ['unit/inference/load-options.test.ts', 'another context', 'num_batch', 'use_mmap', 'num_thread'],
      [several, 'another context size reloads, another temperature does not'],
    ],
    'a bound of num_predict': [['unit/inference/options.test.ts', 'has at most %i, ten contexts']],
    'a token repeated without end': [
      ['unit/engine/runner/repetition.test.ts', 'thirty'],
      ['unit/engine/runner/batch-loop.test.ts', 'ends an answer that repeats itself only where that is wished'],
    ],
  },
  '§2.4 format': {
    'json, a schema, none': [[shared, 'format json', 'a JSON schema', 'format ${JSON.stringify(format)} is none']],
    'anything else': [[shared, 'format ${JSON.stringify(format)}', 'format "xml", in a stream']],
    'after the thinking': [
      ['integration/inference/chat.test.ts', 'answers in the shape of a schema, also when it thinks first'],
      [render, 'a grammar waits for the end of thinking'],
    ],
  },
  '§2.5 think': {
    'values and their errors': [[shared, 'think "ultra"', 'think 3']],
    unset: [[shared, 'think unset is true for a model that can']],
    'a model that cannot': [
      [shared, 'thinking of a model that cannot', 'think false is accepted by a model that cannot'],
      [anthropic, 'thinking of a model that cannot is dropped'],
    ],
    'in templates': [
      [render, 'thinking on, off and unset', 'get the switch and the level of thinking', 'gpt-oss: date, level'],
    ],
    'told apart': [[several, 'a model that can thinks unless told not to']],
  },
  '§2.6 what a model can do': {
    'found out': [['unit/inference/prompt/capabilities.test.ts', 'pooling']],
    'chat and generate without completion': [
      [
        shared,
        'chat without completion',
        'generate without completion',
        'thinking is looked at before what the model is for',
      ],
    ],
    'tools, insert': [[shared, 'tools without tools', 'suffix without insert']],
    'pictures for a model of text': [[shared, 'pictures for a model of text']],
    'several missing, old models that think': [
      ['unit/inference/prompt/capabilities.test.ts', 'does not support tools\\ninsert', 'Pull the model again'],
    ],
  },
  '§2.7 the queue and the engine': {
    'too many waiting': [[several, 'more waiting than allowed is told as busy']],
    'a request given up': [['integration/api/disconnect.test.ts', 'leaves its place in the queue']],
    'weights that are gone': [['integration/inference/chat.test.ts', 'asks to pull a model whose weights are gone']],
    'loads that fail': [
      ['integration/api/engine-failures.test.ts', 'weights of which one is missing', 'architecture that is not known'],
      ['integration/engine/crash.test.ts', 'timed out waiting for llama-server to start'],
    ],
    'an engine that dies': [
      ['integration/engine/crash.test.ts', 'model runner has unexpectedly stopped', 'a kill -9 in the middle'],
    ],
    'a prompt that is too long': [[shared, 'a prompt longer than the context that must not be cut']],
  },
  '§2.8 truncate and shift': {
    'the oldest messages go': [
      [several, 'a history that does not fit loses its oldest'],
      ['unit/inference/prompt/truncate.test.ts', 'system texts stay', 'pictures take their tokens with them'],
    ],
    'the middle is cut': [['unit/inference/prompt-fit.test.ts', 'read no more of a huge prompt than its ends']],
    'the window slides, or the answer ends': [
      ['integration/engine/context.test.ts', 'goes on beyond its window', 'ends with length when it must not shift'],
      [several, 'without shift an answer ends where the context does'],
    ],
  },
  '§2.9 log probabilities': {
    'out of range': [[shared, 'a top_logprobs out of range, before the model is looked for']],
    'with and without alternatives': [
      [inference, 'log probabilities, with the best alternatives', 'log probabilities without alternatives'],
      [several, 'come with each piece, and joined in a whole answer'],
    ],
    'of text that is held back': [['unit/inference/generation.test.ts', 'has its probability once']],
  },
  '§2.10 reasons of the end': {
    'stop, length': [['integration/inference/chat.test.ts', 'ends at a stop string', 'says `length` when']],
    'load, unload': [
      [inference, 'no prompt: loads, streamed or not', 'no prompt, keep_alive 0: unloads', 'no messages: loads'],
    ],
  },
  '§2.11 pictures': {
    'base64, no addresses': [
      [transport, 'a picture that is no base64'],
      [inference, 'a picture by its address'],
      ['unit/go/json/base64.test.ts', 'illegal base64 data'],
    ],
    seen: [[images, 'names shape and colour of what a test draws', 'reads WebP']],
    broken: [[images, 'are refused in words, and the next request is answered']],
    'sound in the same field': [['integration/api/transcriptions.test.ts', 'gets the sound into its prompt']],
    'one alone': [[render, 'one at most for a model that can take one']],
  },
  '§3 /api/generate': {
    prompt: [[inference, 'prompt', 'no prompt: loads, streamed or not']],
    suffix: [[inference, 'suffix']],
    system: [[inference, 'system']],
    template: [[inference, 'template', 'a broken template']],
    context: [
      [several, 'goes on from a context: what was said stands before the prompt'],
      [render, "the model's messages come before, unless a context does"],
    ],
    stream: [[inference, 'a stream: pieces, then the costs', 'whole, keys in order']],
    raw: [[inference, 'raw: no context', 'raw with ${JSON.stringify(field)}', 'raw, what HTML knows escaped']],
    images: [[images, 'sees through /api/generate as well, raw and rendered']],
    think: [[inference, 'thinking stands behind the response']],
    'logprobs, top_logprobs': [[inference, 'log probabilities, with the best alternatives']],
    _debug_render_only: [
      [inference, 'prompt'],
      [images, 'shows where a picture stands without looking at it'],
    ],
    'order of checks': [
      [requests, 'refuses'],
      [
        shared,
        'unloading asks for nothing that a model would have to do',
        'raw is looked at before thinking',
        'what the model is for is looked at before options, also when it is only to be loaded',
        'options are looked at before format, also when it is only to be loaded',
      ],
      [shared, 'a top_logprobs out of range, before the model is looked for'],
    ],
    'format, num_predict 0': [[inference, 'format', 'no token at all']],
    'load and unload': [[inference, 'no prompt: loads, streamed or not', 'no prompt, keep_alive 0: unloads']],
  },
  '§4 /api/chat': {
    roles: [[inference, 'a role in capitals, and one that nobody knows']],
    content: [[inference, 'a list for content']],
    'thinking, images, tool_calls, tool_name, tool_call_id': [
      [requests, 'every field of a message'],
      [inference, 'arguments of a call as a text', 'what a tool gave', 'a picture by its address'],
    ],
    tools: [[requests, 'tools: keys in their order, keywords upstream does not know dropped']],
    'order of arguments': [['unit/api/argument-order.test.ts', 'keeps the order of arguments']],
    'the model’s own messages and system': [[render, "the model's own come first, its system text in front of all"]],
    'old thinking': [[render, 'old thinking is cut from the models that print it']],
    'an answer': [[inference, 'whole, keys in order', 'thinking stands behind the content']],
    'without messages': [[inference, 'no messages: loads']],
    calls: [
      [inference, 'a call, whole', 'a call in a stream, in a piece of its own'],
      [answers, 'joins tool calls only when the request had tools'],
    ],
    'which template renders': [[render, 'a renderer means the Jinja template', 'a parser alone keeps the Go template']],
  },
  '§5 vectors': {
    input: [
      [inference, 'a text', 'several', 'input ${JSON.stringify(input)} only loads', 'input ${JSON.stringify(input)}'],
    ],
    'length and dimensions': [
      ['unit/inference/embedding.test.ts', 'is brought to length 1', 'only the first dimensions are wanted'],
      [inference, 'more dimensions than there are'],
    ],
    truncate: [[inference, 'too long is cut', 'too long must not be cut']],
    'other errors': [
      ['unit/inference/embedding.test.ts', 'with %f is refused'],
      [
        inference,
        'an input of another type, before the model is looked for',
        'a wrong option, also where there is nothing to embed',
      ],
    ],
    decoders: [[inference, 'a model that writes text']],
    'one text at a time': [['unit/inference/load-options.test.ts', 'gives vectors one text at a time']],
    '§5.1 the older way': [
      [inference, 'the older way', 'the older way, without a text'],
      ['integration/inference/embed.test.ts', 'gives a vector as the model made it'],
    ],
  },
  '§6 /api/tags': {
    fields: [[models, 'the list: names with their tag, keys in order']],
    order: [[several, 'every model with its facts, the last changed first']],
    nothing: [[models, 'no models']],
  },
  '§7 /api/show': {
    'fields in their order': [[models, 'everything of a model, keys in order']],
    'license, messages, projector_info, requires': [[models, 'what only some models have, each in its place']],
    verbose: [[models, 'verbose: arrays whole', 'verbose: the projector’s arrays, too']],
    'system, options, template of the request': [
      [models, 'a system of the request', 'options of the request, in the Modelfile alone'],
      [several, 'a model, by either field'],
    ],
    'parameters and modelfile': [
      ['unit/api/models.test.ts', '1e+06', 'is shown as a Modelfile that would make it again'],
    ],
    Copilot: [[models, 'Copilot']],
    'the old field': [[models, 'by its old field']],
  },
  '§8 /api/ps': {
    fields: [[models, 'what is loaded, keys in order']],
    order: [[models, 'what stays longest comes first']],
    nothing: [[models, 'nothing loaded']],
    'while it loads': [[scheduler, 'lists a model while it loads']],
  },
  '§10 OpenAI': {
    '§10.1 fields read and ignored': [
      [openai, 'temperature and top_p, max_tokens, stop and seed', 'what is ignored'],
      ['unit/api/openai/chat-completions.test.ts', 'all options the contract names, and none that it ignores'],
    ],
    '§10.1 temperature and top_p of 1': [['unit/api/openai/chat-completions.test.ts', 'temperature and top_p are 1']],
    '§10.1 messages': [
      [openai, 'no messages', 'each part of a content is a message', 'a part nobody knows', 'no content'],
      [openai, 'a picture by its address', 'a picture of another type', 'arguments that are no JSON'],
    ],
    '§10.1 response_format': [[openai, 'a JSON schema', 'JSON']],
    '§10.1 effort': [[openai, 'reasoning', 'an effort nobody knows', 'an effort of a model that cannot think']],
    '§10.1 an answer, whole and streamed': [
      [openai, 'whole', 'a stream', 'a stream with its usage', 'log probabilities'],
    ],
    '§10.1 calls': [
      [openai, 'a call', 'a call in a stream', 'a tool’s result finds the name of its call, thoughts go before'],
      ['unit/api/openai/chat-completions.test.ts', 'counts its tool calls up'],
    ],
    '§10.1 an error in the middle': [['unit/api/openai/chat-completions.test.ts', 'that fails in its middle ends']],
    '§10.2 /v1/completions': [
      [
        openai,
        'whole',
        'a stream with its usage: zeros until the last',
        'fill in the middle',
        'a stop that is no text',
      ],
      [openai, 'a list of prompts', 'no thoughts and no log probabilities'],
    ],
    '§10.3 /v1/models': [
      [openai, 'the list', 'one', 'one nobody has', 'a name with a slash'],
      [models, 'no models: null, not an empty list'],
    ],
    '§10.4 /v1/embeddings': [
      [
        openai,
        'a vector in base64, in whatever case it is written',
        'input ${JSON.stringify(input)}',
        'tokens',
        'another encoding',
      ],
      [
        'unit/api/openai/embeddings.test.ts',
        'or as the base64 of little-endian 32-bit floats',
        'an empty text is embedded',
      ],
    ],
    '§10.5 input': [
      [
        openai,
        'an earlier search of the web is skipped, a role is enough of a type',
        'a file',
        'an item of another type',
        'an item of no type',
      ],
      [openai, 'an input that is neither'],
      [responses, 'instructions come first, as the system'],
    ],
    '§10.5 tools': [
      [openai, 'tools of a namespace, told back as they came'],
      [responses, 'functions, alone and in namespaces'],
      ['unit/api/openai-responses/answers.test.ts', 'that is called fails the response'],
    ],
    '§10.5 what is ignored': [[openai, 'what is ignored']],
    '§10.5 a response, whole and streamed': [
      [openai, 'whole', 'a stream: events in order, counted', 'a call', 'a call in a stream'],
      ['unit/api/openai-responses/answers.test.ts', 'byte for byte', 'calls stand in the place of the message'],
    ],
    '§10.6 /v1/audio/transcriptions': [
      [
        openai,
        'a recording',
        'as plain text, with what is known of it',
        'no model',
        'no file',
        'an empty file',
        'no form',
      ],
    ],
  },
  '§11 /v1/messages': {
    'what is required': [[anthropic, 'no model', 'no max_tokens', 'max_tokens below zero', 'no messages']],
    'errors and their kinds': [
      [anthropic, 'a model nobody has', 'tools of a model that has none'],
      ['unit/api/anthropic/errors.test.ts', 'overloaded_error'],
    ],
    'headers and fields that are ignored': [[anthropic, 'headers are ignored', 'what is ignored']],
    system: [[anthropic, 'a system of blocks']],
    'sampling, thinking, effort': [
      ['unit/api/anthropic/requests.test.ts', 'sampling', 'xhigh'],
      [anthropic, 'thinking is a block of its own'],
    ],
    blocks: [
      [
        anthropic,
        'a picture by its address',
        'a call without id',
        'a call without name',
        'a block nobody knows is skipped',
      ],
      [anthropic, 'results of tools, and the thinking before them'],
    ],
    'searching the web': [
      ['unit/api/anthropic/answers.test.ts', 'is a tool like any other to a model that does not call it'],
    ],
    'an answer, whole and streamed': [
      [anthropic, 'whole', 'a stream', 'a call', 'a call in a stream'],
      ['unit/api/anthropic/answers.test.ts', 'has null for content', 'byte for byte', 'thinks, speaks and calls'],
    ],
  },
}
