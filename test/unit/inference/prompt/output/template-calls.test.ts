import { describe, expect, test } from 'vitest'
import { markerFormat } from '../../../../../main/inference/prompt/output/marker-reader.ts'
import { templateCalls } from '../../../../../main/inference/prompt/output/template-calls.ts'
import { type Read, read, tool } from './reading.ts'

const tools = [tool('get_weather', { city: 'string' }), tool('get_weather_now'), tool('say_hello')]
const paris = ['get_weather', { city: 'Paris' }] as const

/** As a Go template's answer is read: no tag of a family is known, only the text before the calls. */
function readWith(tag: string, answer: string): Read {
  return read(markerFormat({ calls: templateCalls(tag), keepsSpace: true }), answer, { tools })
}

describe.each<[tag: string, answer: string, expected: Read]>([
  ['<tool_call>', 'Hi.', { content: 'Hi.' }],
  [
    '<tool_call>',
    'Hm. <tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>',
    { content: 'Hm. ', calls: [paris] },
  ],
  [
    '<tool_call>',
    '<tool_call>{"name": "get_weather", "parameters": {"city": "Paris"}}</tool_call>\n<tool_call>{"name": "say_hello", "arguments": {}}</tool_call>',
    { calls: [paris, ['say_hello', {}]] },
  ],
  [
    '[TOOL_CALLS]',
    '[TOOL_CALLS]  [{"name": "get_weather", "arguments": {"city": "Paris"}}, {"name": "say_hello"}]',
    { calls: [paris, ['say_hello', {}]] },
  ],
  ['<call>', '<call>get_weather {"city": "Paris"}', { calls: [paris] }],
  ['<call>', '<call>{"get_weather": {"city": "Paris"}}', { calls: [paris] }],
  [
    '<call>',
    '<call>{"calls": [{"name": "get_weather", "arguments": "{\\"city\\": \\"Paris\\"}"}]}',
    { calls: [paris] },
  ],
  ['<call>', '<call>get_weather_now{"a": "}{\\""}', { calls: [['get_weather_now', { a: '}{"' }]] }],
  ['<call>', '<call>nobody {"city": "Paris"}', {}],
  ['<call>', '<call>{"name": "get_weather", "argu', {}],
  ['<call>', '<call>{broken} get_weather {"city": "Paris"}', { calls: [paris] }],
  ['{', '{"name": "get_weather", "arguments": {"city": "Paris"}}', { calls: [paris] }],
  ['{', '\n {"name": "get_weather", "arguments": {"city": "Paris"}}', { content: '\n ', calls: [paris] }],
  [
    '{',
    '{"name": "get_weather", "arguments": {"city": "Paris"}}\n{"name": "say_hello"}',
    { calls: [paris, ['say_hello', {}]] },
  ],
  ['{', '{"name": "say_hello"} Done.', { calls: [['say_hello', {}]], content: 'Done.' }],
  ['{', '{"answer": 42} and more {"x": 1}', { content: '{"answer": 42} and more {"x": 1}' }],
  ['{', 'The answer: {"name": "say_hello"}', { content: 'The answer: {"name": "say_hello"}' }],
  ['{', '{"name": "get_weather", "arguments": {"ci', { content: '{"name": "get_weather", "arguments": {"ci' }],
  [
    '[',
    '[{"name": "get_weather", "arguments": {"city": "Paris"}}, {"name": "say_hello"}]',
    { calls: [paris, ['say_hello', {}]] },
  ],
  ['[', '[1, 2, 3] are numbers', { content: '[1, 2, 3] are numbers' }],
])('tag %s', (tag, answer, expected) => {
  test(answer, () => expect(readWith(tag, answer)).toEqual(expected))
})

test('a special token before the calls is kept visible', () => {
  expect(markerFormat({ calls: templateCalls('[TOOL_CALLS] [') }).markers).toContain('[TOOL_CALLS]')
  expect(markerFormat({ calls: templateCalls('{') }).markers).toEqual([])
})
