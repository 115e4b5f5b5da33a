import { describe, expect, test } from 'vitest'
import type { OutputFormat } from '../../../../../main/inference/prompt/output/format.ts'
import { formatRows, inferredFormat, namedFormat } from '../../../../../main/inference/prompt/output/formats.ts'
import { markerFormat } from '../../../../../main/inference/prompt/output/marker-reader.ts'
import { createOutputParser, type Parsed } from '../../../../../main/inference/prompt/output/output-parser.ts'
import { templateCalls } from '../../../../../main/inference/prompt/output/template-calls.ts'
import { cpuTime } from '../../../../cpu-time.ts'
import { fc } from '../../../../properties.ts'
import { tool, weather } from './reading.ts'

const ofTemplates = ['<tool_call>', '[TOOL_CALLS] [', '{', '['].map((tag): [string, OutputFormat] => [
  `Go template with ${tag}`,
  markerFormat({ thinking: { open: '<think>', close: ['</think>'] }, calls: templateCalls(tag), keepsSpace: true }),
])
const rows = formatRows.map(({ names, signature, format }): [string, OutputFormat] => [
  names.join(', ') || signature!.join(' '),
  format,
])

/** What answers are made of: a format's own texts, those of others, and what calls hold. */
const scraps = `
{ } " [ ] ( ) = < > , : ; ' """ \\ \\" now get_weather all to=now to=functions.now
{"name":"now","arguments":{}} {"name":"get_weather","arguments":{"city":"Paris"}} {"city":"Paris"} {"now":{}}
now() get_weather(city="Paris") get_weather(city=" call:now{} now[ARGS]{} now<arg_key>city</arg_key><arg_value>
<function=now> <function=get_weather> <parameter=city> <parameter=a> </parameter> </function> </arg_value>
<invoke_name="now"> <parameter_name="city"> </parameter> </invoke> <param_name="city"> </param> <![CDATA[ ]]>
<|open|>argument_key="city"<|sep|> <|close|>argument<|sep|> x 日本語 é 👨‍👩‍👧 💡`
  .trim()
  .split(/\s+/)
  .map(text => text.replaceAll('_key="', ' key="').replaceAll('_name="', ' name="'))
const space = fc.constantFrom(' ', '\n', '\n\n', '\t', '\u00a0', '\u3000')

interface Answer {
  readonly text: string
  /** Places to cut at, as parts of the whole. */
  readonly cuts: readonly number[]
  readonly startsThinking: boolean
  readonly readsCalls: boolean
  readonly tidies: boolean
}

function answersIn(format: OutputFormat): fc.Arbitrary<Answer> {
  const own = format.markers.length > 0 ? fc.constantFrom(...format.markers) : fc.constant('')
  const begun = fc.tuple(own, fc.double({ min: 0, max: 1, noNaN: true })).map(([marker, part]) => {
    return marker.slice(0, Math.floor(marker.length * part))
  })
  const others = fc.constantFrom(...rows.flatMap(([, { markers }]) => markers))
  const part = fc.oneof(
    { weight: 4, arbitrary: own },
    { weight: 4, arbitrary: fc.constantFrom(...scraps) },
    { weight: 2, arbitrary: space },
    { weight: 1, arbitrary: begun },
    { weight: 1, arbitrary: others },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  )
  return fc.record({
    text: fc.array(part, { maxLength: 14 }).map(parts => parts.join('')),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
    startsThinking: fc.boolean(),
    readsCalls: fc.boolean(),
    tidies: fc.boolean(),
  })
}

/** What comes out in order, neighbours of one kind as one: what a client holds in the end. */
function outcome(format: OutputFormat, pieces: readonly string[], { startsThinking, readsCalls, tidies }: Answer) {
  const prompt = startsThinking ? (format.thinking?.open ?? '') : '<|start|>assistant'
  const context = { tools: [weather, tool('now')], prompt, readsCalls }
  const parser = createOutputParser({ format, context, thinks: false, tidies }, () => 0)
  const parsed: Parsed[] = []
  try {
    for (const piece of pieces) parsed.push(...parser.push(piece))
    parsed.push(...parser.end())
  } catch (error) {
    // Harmony alone may refuse: its calls must be JSON.
    return (error as Error).message.match(/^error parsing tool call.*/s)![0]
  }
  const joined: Parsed[] = []
  for (const piece of parsed) {
    const last = joined.at(-1)
    if (piece.content !== undefined && last?.content !== undefined) {
      joined[joined.length - 1] = { content: last.content + piece.content }
    } else if (piece.thinking !== undefined && last?.thinking !== undefined) {
      joined[joined.length - 1] = { thinking: last.thinking + piece.thinking }
    } else joined.push(piece)
  }
  return joined
}

/** A text in pieces, no character in two: engines give out whole ones. */
function cutAt(text: string, cuts: readonly number[]): string[] {
  const characters = [...text]
  const places = [0, ...cuts.map(cut => Math.floor(cut * characters.length)).sort((a, b) => a - b), characters.length]
  return places.slice(1).map((end, i) => characters.slice(places[i], end).join(''))
}

describe.each([...rows, ...ofTemplates])('%s', (_, format) => {
  test('an answer comes out the same however it is cut', () => {
    fc.assert(
      fc.property(answersIn(format), answer => {
        const whole = outcome(format, [answer.text], answer)
        expect(outcome(format, [...answer.text], answer), 'one character at a time').toEqual(whole)
        expect(outcome(format, cutAt(answer.text, answer.cuts), answer), 'in pieces').toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })
})

/** A megabyte in a hundred thousand tokens: a file that a model writes by a call, or a long answer. */
describe('what many tokens cost grows with their number, not with its square', () => {
  const tokens = Array.from({ length: 100_000 }, (_, i) => (i % 12 === 0 ? 'word <b' : 'words/ are'))
  test.each<[what: string, format: OutputFormat, begin: string, end: string]>([
    ['JSON', namedFormat('qwen3')!, '<tool_call>{"name": "f", "arguments": {"a": "', '"}}</tool_call>'],
    [
      'JSON that quotes its end',
      namedFormat('qwen3')!,
      '<tool_call>{"name": "f", "arguments": {"b": "</tool_call>", "a": "',
      '"}}</tool_call>',
    ],
    ['JSON behind a tag', inferredFormat('<|python_tag|>'), '<|python_tag|>{"name": "f", "parameters": {"a": "', '"}}'],
    ['JSON behind a name', namedFormat('ministral')!, '[TOOL_CALLS]f[ARGS]{"a": "', '"}'],
    [
      'elements',
      namedFormat('qwen3-coder')!,
      '<tool_call><function=f><parameter=a>',
      '</parameter></function></tool_call>',
    ],
    ['Python', namedFormat('lfm2')!, '<|tool_call_start|>[f(a="', '")]<|tool_call_end|>'],
    ['Gemma', namedFormat('gemma4')!, '<|tool_call>call:f{a:<|"|>', '<|"|>}<tool_call|>'],
    ['a Go template', ofTemplates[0]![1], '<tool_call>f {"a": "', '"}'],
    ['a Go template without a tag', ofTemplates[2]![1], '{"name": "f", "arguments": {"a": "', '"}}'],
    ['JSON that is no call', ofTemplates[2]![1], '{"a": "', '"}'],
    ['a header that was forgotten', namedFormat('harmony')!, 'Well, ', ''],
    ['thinking', namedFormat('qwen3')!, '<think>', '</think>'],
  ])('%s', (_, format, begin, end) => {
    const context = { tools: [tool('f', { a: 'string' })], prompt: '', readsCalls: true }
    const parser = createOutputParser({ format, context, thinks: false, tidies: true }, () => 0)
    const since = cpuTime()
    let read = 0
    for (const piece of [begin, ...tokens, end]) {
      for (const { content = '', thinking = '', toolCalls = [] } of parser.push(piece)) {
        read += content.length + thinking.length + JSON.stringify(toolCalls).length
      }
    }
    for (const { content = '' } of parser.end()) read += content.length
    expect(read).toBeGreaterThan(tokens.join('').length)
    expect(cpuTime() - since).toBeLessThan(6_000)
  })
})

test('a name with much space behind it is read at once', () => {
  const format = namedFormat('gemma4')!
  const since = cpuTime()
  const answer = { text: '', cuts: [], startsThinking: false, readsCalls: true, tidies: false }
  outcome(format, [`<|tool_call>call:f${' '.repeat(200_000)}<tool_call|>`], answer)
  expect(cpuTime() - since).toBeLessThan(6_000)
})
