import { describe, expect, test } from 'vitest'
import { namedFormat } from '../../../main/inference/prompt/output/formats.ts'
import { createOutputParser } from '../../../main/inference/prompt/output/output-parser.ts'
import { renderPrompt } from '../../../main/inference/prompt/render.ts'
import type { ChatRequest } from '../../../main/inference/requests.ts'
import { metrics, post, scriptedApi } from './scripted.ts'

/** JavaScript sorts these keys; a client and a template must see them as they were written. */
const written = '{"10":1,"9":{"3":[{"2":1,"1":2}],"0":1},"a":3}'

const calls =
  '{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.arguments|tojson }}{% endfor %}{% endfor %}'

/** The prompt that a request's messages make, and the answer of a model that makes a call. */
async function asked(path: string, body: string): Promise<{ prompt: string; answer: string }> {
  const { api, inference } = scriptedApi(async function* () {
    const context = { tools: [], prompt: '', readsCalls: true }
    const parser = createOutputParser({ format: namedFormat('qwen3')!, context, thinks: false }, () => 0)
    const text = `<tool_call>\n{"name": "f", "arguments": ${written}}\n</tool_call>`
    for (const piece of [...parser.push(text), ...parser.end()]) yield { type: 'delta', content: '', ...piece }
    yield { type: 'done', reason: 'stop', metrics }
  })
  const answer = await (await api.fetch(post(path, body))).text()
  const { messages } = inference.asked[0] as ChatRequest
  const { text: prompt } = await renderPrompt({
    content: {
      kind: 'conversation',
      template: { kind: 'jinja', source: calls },
      messages,
      tools: [],
      renamesTools: false,
      drops: false,
      oneImage: false,
    },
    tokens: { addsBos: false },
  } as Parameters<typeof renderPrompt>[0])
  return { prompt, answer }
}

const asText = JSON.stringify(written)
// Whole answers hold only calls of tools that were offered.
const nested = '"tools":[{"type":"function","function":{"name":"f"}}]'
const flat = '"tools":[{"type":"function","name":"f","parameters":{}}]'
const named = '"tools":[{"name":"f","input_schema":{"type":"object"}}]'

describe.each([false, true])('streamed: %s', stream => {
  test.each([
    [
      '/api/chat',
      `${nested},"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":${written}}}]}]`,
      written,
    ],
    [
      '/v1/chat/completions',
      `${nested},"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":${asText}}}]}]`,
      asText,
    ],
    [
      '/v1/responses',
      `${flat},"input":[{"type":"function_call","call_id":"c","name":"f","arguments":${asText}}]`,
      asText,
    ],
    [
      '/v1/messages',
      `${named},"max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":${written}}]}]`,
      stream ? asText : written,
    ],
  ])('%s keeps the order of arguments, in the prompt and in the answer', async (path, said, expected) => {
    const { prompt, answer } = await asked(path, `{"model":"m","stream":${stream},${said}}`)
    expect(prompt).toBe('{"10": 1, "9": {"3": [{"2": 1, "1": 2}], "0": 1}, "a": 3}')
    expect(answer).toContain(expected)
  })
})
