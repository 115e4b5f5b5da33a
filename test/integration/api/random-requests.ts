import { connect } from 'node:net'
import fc from 'fast-check'
import { post } from './server.ts'

/** A request that a client may send, with whatever it says at its extremes. */
export interface RandomRequest {
  readonly path: '/api/generate' | '/api/chat'
  readonly body: Readonly<Record<string, unknown>>
}

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 1 })

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  pick(
    '',
    ' ',
    '\n',
    'Hello!',
    'What is the capital of France?',
    '<|im_end|>',
    '<think>',
    '[img-0]',
    '{{ .Prompt }}',
    '\0',
  ),
  // Longer than the context.
  fc.integer({ min: 100, max: 3000 }).map(times => 'a word '.repeat(times)),
)
const shortText = fc.string({ unit: 'grapheme', maxLength: 12 })

const options = fc.record(
  {
    num_predict: pick(0, 1, 2, 16),
    seed: pick(-1, 0, 42, 2 ** 31, -(2 ** 40)),
    temperature: pick(-1, 0, 0.8, 2, 1e300),
    top_k: pick(-1, 0, 1, 40, 1e9),
    top_p: pick(-1, 0, 0.5, 1, 2),
    min_p: pick(-1, 0, 0.05, 1, 2),
    typical_p: pick(-1, 0, 0.5, 1),
    repeat_penalty: pick(-1, 0, 1e-300, 1, 1.3, 1e300),
    repeat_last_n: pick(-1, 0, 1, 64, 1e6),
    presence_penalty: pick(-1e300, -2, 0, 2, 1e300),
    frequency_penalty: pick(-1e300, -2, 0, 2, 1e300),
    num_keep: pick(-1, 0, 4, 1e6),
    stop: fc.array(fc.oneof(shortText, pick('', 'a', ' ', '\n', 'Paris', '😀', '<|im_end|>')), { maxLength: 20 }),
  },
  { requiredKeys: ['num_predict'] },
)

const format = pick<unknown>(
  undefined,
  null,
  '',
  'json',
  {},
  { type: 'integer', minimum: -5 },
  { enum: ['red', 'grün', '红'] },
  {
    type: 'object',
    properties: { city: { type: 'string' }, tags: { type: 'array', maxItems: 2 } },
    required: ['city'],
  },
)

const asked = {
  model: fc.constant('a'),
  stream: perhaps(fc.boolean()),
  format,
  think: pick<unknown>(undefined, true, false, 'low', 'high', 'max'),
  keep_alive: pick<unknown>(undefined, '5m', 300),
  truncate: perhaps(fc.boolean()),
  shift: perhaps(fc.boolean()),
  logprobs: perhaps(fc.boolean()),
  top_logprobs: pick(undefined, 0, 1, 20),
}
const images = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.array(fc.uint8Array({ maxLength: 9 }).map(bytes => Buffer.from(bytes).toString('base64'))),
  },
)

const tools = fc.array(
  fc.record({
    type: fc.constant('function'),
    function: fc.record({
      name: fc.oneof(shortText, pick('get_weather')),
      description: shortText,
      parameters: fc.constant({ type: 'object', required: ['city'], properties: { city: { type: 'string' } } }),
    }),
  }),
  { maxLength: 3 },
)
const toolCalls = fc.array(
  fc.record({
    function: fc.record({ name: shortText, arguments: fc.dictionary(shortText, fc.jsonValue({ maxDepth: 1 })) }),
  }),
  { maxLength: 2 },
)
const message = fc.record(
  {
    role: pick('system', 'user', 'assistant', 'tool', 'User'),
    content: text,
    images,
    thinking: shortText,
    tool_calls: toolCalls,
  },
  { requiredKeys: ['role', 'content'] },
)

/** @param contextSize of every request, so that the model stays loaded as it is; undefined for a few sizes in turns */
export function randomRequests(contextSize?: number): fc.Arbitrary<RandomRequest> {
  const sized = fc
    .tuple(options, contextSize === undefined ? pick(4, 256, 300, 1024) : fc.constant(contextSize))
    .map(([given, num_ctx]) => ({ ...given, num_ctx }))
  const generate = fc.record(
    {
      ...asked,
      options: sized,
      prompt: text,
      system: shortText,
      template: pick(
        '{{ .Prompt }}',
        '{{ .System }}|{{ .Prompt }}|{{ .Response }}|',
        '{{ range .Messages }}{{ .Content }}{{ end }}',
      ),
      raw: fc.boolean(),
      suffix: pick('', ' end'),
      context: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 600 }),
      images,
    },
    { requiredKeys: ['model', 'options', 'prompt'] },
  )
  const chat = fc.record(
    { ...asked, options: sized, messages: fc.array(message, { minLength: 1, maxLength: 6 }), tools },
    { requiredKeys: ['model', 'options', 'messages'] },
  )
  return fc.oneof(
    generate.map(body => ({ path: '/api/generate', body }) as const),
    chat.map(body => ({ path: '/api/chat', body }) as const),
  )
}

/** What a client does that is not the last to be heard of. */
export type Manners = 'half a request' | 'leaves at once' | 'leaves in the middle' | 'asks twice at once'

export const manners = pick<Manners>('half a request', 'leaves at once', 'leaves in the middle', 'asks twice at once')

/** The refusals that a request of these may meet. */
const refusals = [
  /image input is not supported/,
  /does not support insert/,
  /raw mode does not support/,
  /the prompt is longer than the context length/,
  /the prompt is empty/,
  /a token that the model does not have/,
  // The template's own, of a conversation that is nothing but a begun answer.
  /list object has no element 0/,
]

interface Line {
  readonly error?: string
  readonly response?: string
  readonly message?: { readonly content: string; readonly thinking?: string }
  readonly done: boolean
  readonly done_reason?: string
  readonly eval_count?: number
  readonly prompt_eval_count?: number
  readonly total_duration?: number
  readonly logprobs?: readonly { readonly top_logprobs?: readonly unknown[] }[]
}

/** Sends a request and checks everything that holds for whatever answer. @throws Error that says what does not */
export async function checkAnswered(url: string, request: RandomRequest): Promise<void> {
  const response = await post(url, request.path, request.body)
  const body = await response.text()
  try {
    check(request, response.status, response.headers.get('content-type') ?? '', body)
  } catch (error) {
    const sent = `curl ${request.path} -d '${JSON.stringify(request.body)}'`
    throw new Error(`${(error as Error).message}\n${sent}\n${response.status} ${body}`)
  }
}

function check({ body: asked }: RandomRequest, status: number, type: string, body: string): void {
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(what)
  }
  const isStream = type === 'application/x-ndjson'
  const texts = isStream ? body.replace(/\n$/, '').split('\n') : [body]
  const lines: Line[] = texts.map(line => JSON.parse(line))
  const last = lines.at(-1)!
  if (status !== 200) {
    must(typeof last.error === 'string' && refusals.some(known => known.test(last.error!)), 'an unknown refusal')
    return
  }
  must(
    lines.every(line => line.error === undefined),
    'an error in the middle',
  )
  must(
    lines.slice(0, -1).every(line => line.done === false && line.done_reason === undefined),
    'an early end',
  )
  must(last.done, 'no end')
  if (asked.prompt === '') {
    must(last.done_reason === 'load', 'an answer to nothing')
    return
  }
  must(isStream === (asked.stream ?? true), 'the wrong kind of answer')
  must(last.done_reason === 'stop' || last.done_reason === 'length', 'no reason for the end')
  const { num_predict, stop } = asked.options as { num_predict: number; stop?: string[] }
  must(last.total_duration! > 0 && last.prompt_eval_count! > 0, 'no metrics')
  const constrained = asked.format !== undefined && asked.format !== null && asked.format !== ''
  // What stands before a constrained answer is tokenized anew, and its white space may have been one token and be two.
  const most = Math.max(1, num_predict) + (constrained ? 2 : 0)
  must((last.eval_count ?? 0) <= most, 'more tokens than were asked for')
  const content = lines.map(line => line.response ?? line.message!.content).join('')
  must(content.isWellFormed(), 'half a character')
  for (const end of stop ?? []) must(end === '' || !content.includes(end), `the stop string ${JSON.stringify(end)}`)
  if (constrained && !stop?.length && last.done_reason === 'stop') JSON.parse(content)
  const alternatives = (asked.top_logprobs as number | undefined) ?? 0
  for (const { top_logprobs = [] } of lines.flatMap(line => line.logprobs ?? [])) {
    must(asked.logprobs === true && top_logprobs.length <= alternatives, 'log probabilities that nobody asked for')
  }
}

/** Sends a request as a client with bad manners does. */
export async function sendRudely(url: string, { path, body }: RandomRequest, how: Manners): Promise<void> {
  const text = JSON.stringify(body)
  if (how === 'asks twice at once') {
    await Promise.all([post(url, path, text), post(url, path, text)].map(async answer => (await answer).text()))
    return
  }
  if (how === 'half a request') {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`
    await new Promise(resolve => socket.write(head + text.slice(0, text.length / 2), resolve))
    socket.destroy()
    return
  }
  const leaving = new AbortController()
  const answer = fetch(url + path, { method: 'POST', body: text, signal: leaving.signal })
  // The error of a client that left is its own.
  const settled = answer.then(({ body }) => (how === 'leaves in the middle' ? body!.getReader().read() : undefined))
  if (how === 'leaves in the middle') await settled
  else await new Promise(resolve => setTimeout(resolve, 1))
  leaving.abort()
  await settled.catch(() => undefined)
}

/** @throws Error when a plain question is not answered as it is by a model that nothing has happened to */
export async function checkSound(url: string, contextSize?: number): Promise<void> {
  const messages = [{ role: 'user', content: 'What is the capital of France?' }]
  const options = { temperature: 0, num_predict: 32, ...(contextSize ? { num_ctx: contextSize } : {}) }
  const asked = { model: 'a', messages, options, think: false, stream: false }
  const answer = await (await post(url, '/api/chat', asked)).text()
  if (!answer.includes('"content":"The capital of France is Paris."')) throw new Error(answer)
}
