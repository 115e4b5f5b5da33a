import { expect, it } from 'vitest'
import { MessageLines } from '../../../../main/cli/run/message-lines.ts'

function messages(lines: readonly string[]): string[] {
  const reader = new MessageLines()
  return lines.flatMap(line => reader.push(line)?.text ?? [])
}

it.each([
  ['a line', ['hello'], ['hello']],
  ['marks within one line', ['"""hello"""'], ['hello']],
  ['lines between marks', ['"""a', 'b', 'c"""'], ['a\nb\nc']],
  ['marks on lines of their own', ['"""', 'a', '', 'b', '"""', 'next'], ['a\n\nb', 'next']],
  [
    'a system message of several lines',
    ['/set system """', 'You are', 'short.', '"""'],
    ['/set system You are\nshort.'],
  ],
  ['quotes that open nothing', ['say """ twice'], ['say """ twice']],
])('reads %s', (_, lines, expected) => expect(messages(lines)).toEqual(expected))

it('forgets what was begun when the person drops it', () => {
  const reader = new MessageLines()
  reader.push('"""a')
  expect(reader.open).toBe(true)
  reader.drop()
  expect(reader.push('b')).toEqual({ text: 'b' })
})
