import { describe, expect, test } from 'vitest'
import type { OutputFormat } from '../../../../../main/inference/prompt/output/format.ts'
import { inferredFormat, namedFormat } from '../../../../../main/inference/prompt/output/formats.ts'
import { createOutputParser } from '../../../../../main/inference/prompt/output/output-parser.ts'
import { read, tool, weather } from './reading.ts'

const minimax = inferredFormat('<minimax:tool_call>')
const deepseek = inferredFormat('｜DSML｜ … tool_calls>')
const miniCpm = inferredFormat('<function name=" <param name="')
const kimi = inferredFormat('<|open|><|close|><|end_of_msg|>')
const formatOf = (name: string): OutputFormat => namedFormat(name)!

const city = (text: string) => ({ calls: [['get_weather', { city: text }] as const], content: 'Done.' })
const days = (text: string) => ({ calls: [['get_weather', { city: text, days: 3 }] as const], content: 'Done.' })

/** A model asked to write about its own format would call with half a text, and show the other half. */
describe('an argument may quote what ends its call', () => {
  test.each<[what: string, format: OutputFormat, answer: string, expected: ReturnType<typeof city>]>([
    [
      'in Python',
      formatOf('lfm2'),
      `<|tool_call_start|>[get_weather(city='print("<|tool_call_end|>", \\'')]<|tool_call_end|>Done.`,
      city('print("<|tool_call_end|>", \''),
    ],
    [
      'in Python, over several lines',
      formatOf('olmo3'),
      '<function_calls>\nget_weather(city="""a "b"\n</function_calls>\n""", days=3)\n</function_calls>Done.',
      days('a "b"\n</function_calls>\n'),
    ],
    [
      'in JSON, where Python was meant',
      formatOf('lfm2'),
      '<|tool_call_start|>[{"name": "get_weather", "arguments": {"city": "\\"<|tool_call_end|>"}}]<|tool_call_end|>Done.',
      city('"<|tool_call_end|>'),
    ],
    [
      'in Gemma’s quotes, which a plain one leaves open',
      formatOf('gemma4'),
      '<|tool_call>call:get_weather{city:<|"|>6" <tool_call|><|"|>,days:3}<tool_call|>Done.',
      days('6" <tool_call|>'),
    ],
    [
      'in Gemma’s older quotes',
      formatOf('functiongemma'),
      '<start_function_call>call:get_weather{city:<escape>"<end_function_call>"<escape>}<end_function_call>Done.',
      city('"<end_function_call>"'),
    ],
    [
      'in a parameter of MiniMax',
      minimax,
      '<minimax:tool_call>\n<invoke name="get_weather">\n<parameter name="city">"</parameter>", "</invoke>"\n</minimax:tool_call>\n</parameter>\n<parameter name="days">3</parameter>\n</invoke>\n</minimax:tool_call>Done.',
      days('"</parameter>", "</invoke>"\n</minimax:tool_call>\n'),
    ],
    [
      'in a parameter of DeepSeek',
      deepseek,
      '<｜DSML｜tool_calls>\n<｜DSML｜invoke name="get_weather">\n<｜DSML｜parameter name="city" string="true">`</｜DSML｜tool_calls>`</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>Done.',
      city('`</｜DSML｜tool_calls>`'),
    ],
    [
      'in a parameter of MiniCPM',
      miniCpm,
      '<function name="get_weather"><param name="city">"</function>"</param><param name="days">3</param></function>Done.',
      days('"</function>"'),
    ],
    [
      'in an argument of Kimi K3',
      kimi,
      '<|open|>call tool="get_weather" index="1"<|sep|><|open|>argument key="city" type="string"<|sep|>`<|close|>argument<|sep|>`, `<|close|>call<|sep|>`<|close|>argument<|sep|><|open|>argument key="days" type="number"<|sep|>3<|close|>argument<|sep|><|close|>call<|sep|>Done.',
      days('`<|close|>argument<|sep|>`, `<|close|>call<|sep|>`'),
    ],
  ])('%s', (_, format, answer, expected) => {
    expect(read(format, answer)).toEqual(expected)
  })

  test.each<[what: string, format: OutputFormat, answer: string]>([
    [
      'of a parameter before another call',
      minimax,
      '<minimax:tool_call><invoke name="get_weather"><parameter name="city">Rome</invoke></minimax:tool_call>\n<minimax:tool_call><invoke name="now"></invoke></minimax:tool_call>',
    ],
    [
      'of an argument before another call',
      kimi,
      '<|open|>call tool="get_weather" index="1"<|sep|><|open|>argument key="city" type="string"<|sep|>Rome<|close|>call<|sep|><|open|>call tool="now" index="2"<|sep|><|close|>call<|sep|>',
    ],
    [
      'of a parameter, with words between the calls',
      minimax,
      '<minimax:tool_call><invoke name="get_weather"><parameter name="city">Rome</parameter></invoke> and <invoke name="now"></invoke></minimax:tool_call>',
    ],
  ])('an end %s is missing', (_, format, answer) => {
    expect(read(format, answer, { tools: [weather, tool('now')] })).toEqual({
      calls: [
        ['get_weather', { city: 'Rome' }],
        ['now', {}],
      ],
    })
  })
})

const quotedCalls =
  'Write:\n<tool_call>\n<function=now>\n<parameter=zone>\nUTC\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=now>\n</function>\n</tool_call>\nThat is all.'
const quotedInvokes =
  'Write <minimax:tool_call><invoke name="now"><parameter name="zone">UTC</parameter></invoke></minimax:tool_call> first.'

/** Half of a text on calls would be one's argument, and the calls that it quotes would be made. */
test.each<[what: string, format: OutputFormat, answer: string, city: string]>([
  [
    'in a block',
    formatOf('qwen3-coder'),
    `<tool_call>\n<function=get_weather>\n<parameter=city>\n${quotedCalls}\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\nDone.`,
    quotedCalls,
  ],
  [
    'without one',
    formatOf('qwen3-coder'),
    `<function=get_weather>\n<parameter=city>\n${quotedCalls}\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\nDone.`,
    quotedCalls,
  ],
  [
    'of MiniMax',
    minimax,
    `<minimax:tool_call><invoke name="get_weather"><parameter name="city">${quotedInvokes}</parameter><parameter name="days">3</parameter></invoke></minimax:tool_call>Done.`,
    quotedInvokes,
  ],
  [
    'that is begun and never ended',
    formatOf('qwen3-coder'),
    '<tool_call><function=get_weather><parameter=city>Say <function=now> first.</parameter><parameter=days>3</parameter></function></tool_call>Done.',
    'Say <function=now> first.',
  ],
])('a value may quote a whole call %s', (_, format, answer, city) => {
  expect(read(format, answer)).toEqual(days(city))
})

/** Half of a text on a tool would be an argument, and its other half another one. */
test.each<[what: string, format: OutputFormat, tag: string, answer: string]>([
  [
    'Qwen 3 Coder',
    formatOf('qwen3-coder'),
    '<parameter=days>',
    '<tool_call><function=get_weather><parameter=city>Say <parameter=days> first.</parameter>\n<parameter=days>3</parameter></function></tool_call>Done.',
  ],
  [
    'MiniMax',
    minimax,
    '<parameter name="days">',
    '<minimax:tool_call><invoke name="get_weather"><parameter name="city">Say <parameter name="days"> first.</parameter>\n<parameter name="days">3</parameter></invoke></minimax:tool_call>Done.',
  ],
])('a value may quote the tag of another parameter: %s', (_, format, tag, answer) => {
  expect(read(format, answer)).toEqual(days(`Say ${tag} first.`))
})

/** A tool would be called with a city named `Rome</parameter> for`, and without the days. */
test.each<[what: string, format: OutputFormat, answer: string]>([
  [
    'words stand between two parameters',
    formatOf('qwen3-coder'),
    '<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\nfor\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\nDone.',
  ],
  [
    'words stand behind the last parameter',
    formatOf('qwen3-coder'),
    '<tool_call>\n<function=get_weather>\n<parameter=days>\n3\n</parameter>\n<parameter=city>\nRome\n</parameter>\nI chose Rome.\n</function>\n</tool_call>\nDone.',
  ],
  [
    'words stand behind the last parameter of a function without a block',
    formatOf('qwen3-coder'),
    '<function=get_weather><parameter=days>3</parameter><parameter=city>Rome</parameter> I chose Rome. </function> Done.',
  ],
  [
    'an end is missing before the next parameter',
    formatOf('qwen3-coder'),
    '<tool_call><function=get_weather><parameter=city>Rome\n<parameter=days>3</parameter></function></tool_call>Done.',
  ],
  [
    'words stand between two parameters of MiniMax',
    minimax,
    '<minimax:tool_call><invoke name="get_weather"><parameter name="city">Rome</parameter> for <parameter name="days">3</parameter> days </invoke></minimax:tool_call>Done.',
  ],
])('parameters are told apart though %s', (_, format, answer) => {
  expect(read(format, answer)).toEqual(days('Rome'))
})

/** The window would stand still until the answer is over, and then show the rest of it at once. */
describe('a model that forgets to end a quotation', () => {
  /** What of an answer has come out before its end. */
  const streamed = (format: OutputFormat, answer: string): string => {
    const parser = createOutputParser({
      format,
      context: { tools: [weather], prompt: '', readsCalls: true },
      thinks: false,
    })
    return [...answer].flatMap(character => parser.push(character).map(({ content = '' }) => content)).join('')
  }

  test.each<[what: string, format: OutputFormat, call: string, behind: string]>([
    [
      'JSON, and a new line',
      formatOf('qwen3'),
      '<tool_call>{"name": "get_weather", "arguments": {"city": "Rome}}</tool_call>',
      '\nI have looked. More',
    ],
    [
      'JSON, and words in quotes',
      formatOf('qwen3'),
      '<tool_call>{"name": "get_weather", "arguments": {"city": "Rome}}</tool_call>',
      ' I said "Rome" and more',
    ],
    [
      'Python, and words in quotes',
      formatOf('lfm2'),
      '<|tool_call_start|>[get_weather(city="Rome)]<|tool_call_end|>',
      ' I said "Rome" and more',
    ],
    [
      'Gemma, and another string',
      formatOf('gemma4'),
      '<|tool_call>call:get_weather{city:<|"|>Rome}<tool_call|>',
      ' I said <|"|>Rome<|"|> and more',
    ],
  ])('holds nothing back: %s', (_, format, call, behind) => {
    expect(streamed(format, call + behind)).toBe(call + behind)
    expect(read(format, call + behind)).toEqual({ content: call + behind })
  })

  test('holds back no more than a long program', () => {
    const call = '<tool_call><function=get_weather><parameter=city>Rome</function></tool_call>'
    const text = ' I have looked.'.repeat(20_000)
    const parser = createOutputParser({
      format: formatOf('qwen3-coder'),
      context: { tools: [weather], prompt: '', readsCalls: true },
      thinks: false,
    })
    const parsed = (call + text).match(/.{1,100}/g)!.flatMap(piece => parser.push(piece))
    expect(parsed.flatMap(({ toolCalls = [] }) => toolCalls.map(call => call.function.arguments))).toEqual([
      { city: 'Rome' },
    ])
    expect(parsed.map(({ content = '' }) => content).join('')).toBe(text.trim())
  })
})
