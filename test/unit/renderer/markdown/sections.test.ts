import { expect, test } from 'vitest'
import { type Sections, sectionsOf } from '../../../../renderer/ui/markdown/sections.ts'

const chapter = (n: number) =>
  [
    `## Chapter ${n}`,
    'Heat moves from **warm** to cold.',
    '- curtains\n- rugs',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '```js\nlet a = 1\n\nlet b = 2\n```',
    'So much for that.',
  ].join('\n\n')
const long = Array.from({ length: 60 }, (_, n) => chapter(n)).join('\n\n')

const joined = ({ closed, open }: Sections) => closed.join('') + open

/** All sections a window has while the text comes in pieces. */
function* written(text: string, piece: number): Generator<Sections> {
  let sections: Sections | undefined
  for (let end = piece; end < text.length + piece; end += piece) {
    sections = sectionsOf(text.slice(0, end), true, sections)
    yield sections
  }
}

test('a growing text loses no sign, and what is closed never changes, or it would be parsed and drawn anew', () => {
  let before: Sections = { closed: [], open: '' }
  let length = 0
  for (const sections of written(long, 3)) {
    length += 3
    expect(joined(sections)).toBe(long.slice(0, length))
    expect(sections.closed.slice(0, before.closed.length)).toEqual(before.closed)
    before = sections
  }
  expect(before.closed.length).toBeGreaterThan(4)
  expect(before.open.length).toBeLessThan(long.length / 4)
})

test('it is cut only before a paragraph that has just begun, so that no settled block is drawn anew', () => {
  let before: Sections = { closed: [], open: '' }
  for (const sections of written(long, 3)) {
    if (sections.closed.length > before.closed.length) expect(sections.open.length).toBeLessThan(8)
    before = sections
  }
})

test('the end of the text closes nothing: its blocks stay where they are', () => {
  const last = [...written(long, 3)].at(-1)
  expect(sectionsOf(long, false, last)).toEqual(last)
})

test('a list, a table or code that goes on after a blank line is not cut apart', () => {
  const list = Array.from({ length: 80 }, (_, n) => `${n}. An item of a list that goes on`).join('\n\n')
  for (const { closed } of written(list, 2)) expect(closed).toEqual([])
  const code = `\`\`\`\n${'a line of code\n\n'.repeat(100)}`
  for (const { closed } of written(code, 40)) expect(closed).toEqual([])
})

test('a text with footnotes or named links stays whole, also when the first comes late', () => {
  for (const reference of ['A note[^1].\n\n[^1]: Here.', 'See [there][a].\n\n[a]: https://example.org']) {
    const last = [...written(`${long}\n\n${reference}`, 5)].at(-1)
    expect(last?.closed).toEqual([])
  }
})

test('a finished text is cut when it is drawn first, a short one is not, and Windows line ends count as one', () => {
  const sections = sectionsOf(long.replaceAll('\n', '\r\n'), false)
  expect(sections.closed.length).toBeGreaterThan(4)
  expect(joined(sections)).toBe(long)
  expect(sectionsOf(chapter(1), false).closed).toEqual([])
})

test('another text in the same place begins anew', () => {
  const last = [...written(long, 50)].at(-1)
  expect(joined(sectionsOf('Something else', true, last))).toBe('Something else')
})
