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

const keys = [
  ...['model', 'name', 'prompt', 'messages', 'role', 'content', 'images', 'tool_calls', 'function', 'arguments'],
  ...['tools', 'parameters', 'properties', 'type', 'options', 'keep_alive', 'think', 'format', 'stream', 'context'],
  ...['input', 'system', 'template', 'suffix', 'raw', 'stop', 'max_tokens', 'thinking', 'reasoning', 'response_format'],
  ...['image_url', 'tool_use_id', 'input_schema', 'text', 'source', 'encoding_format', 'dimensions', 'logprobs'],
  ...['top_logprobs', 'files', 'from', 'license', 'info', 'source', 'destination', 'MODEL', '__proto__', 'x', ''],
]
const scalars = [
  ...['null', 'true', 'false', '0', '-1', '1.5', '1e3', '1e999', '-0', '9007199254740993', '99999999999999999999'],
  ...['""', '"a"', '"5m"', '"\\ud800"', '"\\u0000"', '"../../x"', '"sha256:00"', '"aGk="', '"data:x"', '"<script>"'],
]

/** Bodies that are nearly right: a tree of the fields' own names, then bytes cut out, put in and turned. */
export function randomBody(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const value = (depth: number): string => {
    const kind = random()
    if (depth > 5 || kind < 0.5) return pick(scalars)
    const count = Math.floor(random() * 4)
    if (kind < 0.65) return `[${Array.from({ length: count }, () => value(depth + 1)).join(',')}]`
    return `{${Array.from({ length: count }, () => `"${pick(keys)}":${value(depth + 1)}`).join(',')}}`
  }
  const fields = Array.from({ length: Math.floor(random() * 6) }, () => `"${pick(keys)}":${value(0)}`)
  const bytes = [...Buffer.from(random() < 0.9 ? `{${fields.join(',')}}` : value(0))]
  while (random() < 0.5) {
    const at = Math.floor(random() * bytes.length)
    const change = random()
    if (change < 0.3) bytes.splice(at, Math.ceil(random() * 5))
    else if (change < 0.6) bytes.splice(at, 0, Math.floor(random() * 256))
    else if (change < 0.9) bytes[at] = pick([...Buffer.from('{}[]",:\\0e.-tfn \n')])
    else bytes.length = at
  }
  return Buffer.from(bytes)
}
