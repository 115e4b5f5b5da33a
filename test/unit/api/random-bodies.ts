/** Numbers below 1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const scalars = [
  ...['null', 'true', 'false', '0', '-1', '1.5', '1e3', '1e999', '-0', '9007199254740993', '99999999999999999999'],
  ...['""', '"a"', '"5m"', '"\\ud800"', '"\\u0000"', '"../../x"', '"sha256:00"', '"aGk="', '"data:x"', '"<script>"'],
]

const flag = ['true', 'false']
const texts = [
  '""',
  '"a"',
  '"Hi"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"\\u0000"',
  '"<script>"',
  '"{{ .Prompt }}"',
  '"{{"',
]
const numbers = ['0', '1', '2', '-1', '0.5', '1e3', '1e300', '4294967296', '9007199254740993']
/** An answer of thousands of tokens finds no more than one of two. */
const fewTokens = ['0', '1', '2', '1.5', 'null', '"1"']

/** What a field is for: one of some values, an object of some keys, or a list of one of these; else anything. */
type Use = string[] | { readonly keys: readonly string[] } | { readonly list: Use }

const anyKeys: Use = { keys: ['a', 'type', 'name', 'properties', 'x', '', '__proto__'] }
const schema: Use = {
  keys: ['type', 'properties', 'required', 'enum', 'items', 'anyOf', '$ref', '$defs', 'description', 'pattern'],
}
const types = ['"object"', '"string"', '"integer"', '"array"', '["string","null"]', '"function"', '"text"']

const uses: Readonly<Record<string, Use>> = {
  model: ['"a"', '"b"', '"nobody"', '"x/y:z"'],
  name: texts,
  prompt: texts,
  suffix: ['""', '"b"'],
  system: texts,
  template: texts,
  raw: flag,
  stream: flag,
  context: { list: ['0', '1', '5', '-1', '1343', '99999'] },
  images: { list: ['"aGk="', '""', '"iVBORw0KGgo="', '"data:x"'] },
  messages: {
    list: { keys: ['role', 'content', 'content', 'images', 'tool_calls', 'thinking', 'tool_name', 'tool_call_id'] },
  },
  role: ['"user"', '"assistant"', '"system"', '"tool"', '"developer"', '""'],
  content: [...texts, '[]', '[{"type":"text","text":"Hi"}]', '[{"type":"image_url","image_url":"data:;base64,aGk="}]'],
  tool_calls: { list: { keys: ['id', 'function', 'type'] } },
  function: { keys: ['name', 'arguments', 'description', 'parameters'] },
  arguments: ['{}', '{"a":1}', '"{}"', '"["'],
  thinking: ['"a"', '{"type":"enabled"}', '{"type":"disabled"}'],
  tool_name: texts,
  tool_call_id: texts,
  id: texts,
  tools: { list: { keys: ['type', 'function', 'name', 'input_schema', 'parameters', 'description'] } },
  description: texts,
  parameters: schema,
  input_schema: schema,
  schema,
  items: schema,
  properties: { keys: ['a', 'b', 'x', '__proto__', ''] },
  a: schema,
  b: schema,
  type: types,
  required: { list: ['"a"', '"x"'] },
  enum: { list: scalars },
  anyOf: { list: schema },
  $ref: ['"#"', '"#/$defs/a"', '"#/properties/a"', '"http://a"'],
  $defs: { keys: ['a', 'b'] },
  pattern: ['"^a$"', '"["', '"(a|b)*"'],
  options: { keys: ['temperature', 'top_k', 'top_p', 'seed', 'stop', 'num_keep', 'repeat_penalty', 'mirostat', 'x'] },
  temperature: numbers,
  top_k: numbers,
  top_p: numbers,
  seed: numbers,
  num_keep: numbers,
  repeat_penalty: numbers,
  stop: { list: ['"a"', '""', '" "'] },
  stop_sequences: { list: ['"a"', '""', '" "'] },
  keep_alive: ['"5m"', '60', '-1', '0', '"0"', '"-1m"', '"x"'],
  think: [...flag, '"low"', '"max"', '"x"'],
  format: ['"json"', '""', '{}', '{"type":"integer"}', '{"enum":["a"]}', '{"$ref":"#"}', '{"type":"x"}'],
  truncate: flag,
  shift: flag,
  logprobs: [...flag, '1'],
  top_logprobs: ['0', '1', '20', '21'],
  _debug_render_only: flag,
  input: [...texts, '["a",""]', '[]', '[[1]]', '[{"role":"user","content":"Hi"}]', '[{"type":"x"}]'],
  dimensions: ['0', '1', '8', '-1', '100000'],
  encoding_format: ['"float"', '"base64"', '"x"'],
  max_tokens: fewTokens,
  max_output_tokens: fewTokens,
  stream_options: ['{"include_usage":true}', '{}'],
  response_format: ['{"type":"json_object"}', '{"type":"json_schema","json_schema":{"schema":{"type":"integer"}}}'],
  reasoning: ['{"effort":"low"}', '{"effort":"x"}', '"a"'],
  reasoning_effort: ['"low"', '"none"', '"x"'],
  text: ['"a"', '{"format":{"type":"text"}}', '{"format":{"type":"json_schema","schema":{"type":"integer"}}}'],
  instructions: texts,
  files: ['{}', '{"a.gguf":"sha256:00"}', '{"../x":"x"}'],
  from: ['"a"', '"nobody"', '"x y"'],
  license: [...texts, '["a","b"]'],
  info: anyKeys,
  source: [...texts, '{"type":"base64","data":"aGk="}'],
  destination: ['"c"', '"x y"', '"../x"'],
}
const keys = [...Object.keys(uses), 'image_url', 'tool_use_id', 'MODEL', '__proto__', 'x', '']
/** Where most of a body's fields are, so that whole requests come about. */
const frequent = ['model', 'messages', 'prompt', 'input', 'max_tokens', 'stream', 'options', 'tools', 'format']

/**
 * Bodies that are nearly right: a tree of the fields' own names, most with values that fit them, then bytes cut out, put
 * in and turned.
 */
export function randomBody(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const several = (make: () => string, most: number): string =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, make).join(',')
  const fields = (from: readonly string[], depth: number, most: number): string =>
    `{${several(() => {
      const key = pick(from)
      return `"${key}":${random() < 0.85 ? field(key, depth + 1) : value(depth + 1)}`
    }, most)}}`
  const value = (depth: number): string => {
    const kind = random()
    if (depth > 5 || kind < 0.5) return pick(scalars)
    return kind < 0.65 ? `[${several(() => value(depth + 1), 3)}]` : fields(keys, depth, 3)
  }
  const used = (use: Use, depth: number): string => {
    if (Array.isArray(use)) return pick(use)
    if (depth > 7) return pick(scalars)
    if ('keys' in use) return fields(use.keys, depth, 4)
    return `[${several(() => used(use.list, depth + 1), 3)}]`
  }
  const field = (key: string, depth: number): string => {
    const use = Object.hasOwn(uses, key) ? uses[key] : undefined
    return use ? used(use, depth) : value(depth)
  }
  const whole = random() < 0.9 ? fields(random() < 0.6 ? frequent : keys, 0, 6) : value(0)
  const bytes = [...Buffer.from(whole)]
  while (random() < 0.35) {
    const at = Math.floor(random() * bytes.length)
    const change = random()
    if (change < 0.3) bytes.splice(at, Math.ceil(random() * 5))
    else if (change < 0.6) bytes.splice(at, 0, Math.floor(random() * 256))
    else if (change < 0.9) bytes[at] = pick([...Buffer.from('{}[]",:\\0e.-tfn \n')])
    else bytes.length = at
  }
  return Buffer.from(bytes)
}
