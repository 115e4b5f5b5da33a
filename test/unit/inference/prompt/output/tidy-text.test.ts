import { expect, test } from 'vitest'
import { inferredFormat } from '../../../../../main/inference/prompt/output/formats.ts'
import { createOutputParser } from '../../../../../main/inference/prompt/output/output-parser.ts'

const format = inferredFormat("{{ '<think></think><tool_call>' }}")

/** The text of an answer read in these pieces by a window that has no tools. */
function shown(pieces: readonly string[], tidies = true): string {
  const context = { tools: [], prompt: '', readsCalls: false }
  const parser = createOutputParser({ format, context, thinks: false, tidies })
  return [...pieces.flatMap(piece => parser.push(piece)), ...parser.end()].map(({ content = '' }) => content).join('')
}

test.each([
  ['an end of thinking that had no beginning', 'It is so.\n</think>\n\nHi.', 'It is so.\n\n\nHi.'],
  ['a call nobody asked for', 'a <tool_call>{"name": "f"}</tool_call> b', 'a {"name": "f"} b'],
  ['tags in code stay', 'Write `<tool_call>` or\n```\n</think>\n```\nso</think>.', null],
  ['half a tag at the end', 'a </thin', 'a </thin'],
  ['what only looks like one', 'a </thing> <b>', 'a </thing> <b>'],
])('a person sees no stray tags, however the text was cut: %s', (_, answer, expected) => {
  const wanted = expected ?? answer.replace('so</think>.', 'so.')
  expect(shown([answer])).toBe(wanted)
  expect(shown([...answer])).toBe(wanted)
})

test('a program that reads calls itself gets them as they were written', () => {
  expect(shown(['<tool_call>{}</tool_call></think>'], false)).toBe('<tool_call>{}</tool_call></think>')
})
