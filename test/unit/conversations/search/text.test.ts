import { expect, test } from 'vitest'
import { excerptOf, marked } from '../../../../main/conversations/search/excerpt.ts'
import { searchTerms } from '../../../../main/conversations/search/search-terms.ts'
import { searchedText } from '../../../../main/conversations/search/searched-text.ts'
import type { Segment } from '../../../../preload/contract.ts'
import { fold, foldWithOrigins } from '../../../../preload/contract-fold.ts'
import { plainText } from '../../../../preload/contract-plain-text.ts'
import { fc } from '../../../properties.ts'

const shown = (segments: readonly Segment[]) => segments.map(({ text, match }) => (match ? `[${text}]` : text)).join('')

test.each([
  ['PARIS', 'paris'],
  ['Zürich CAFÉ', 'zurich cafe'],
  ['ＡＢＣ１２３', 'abc123'],
  ['北京', '北京'],
  // Lower case has two letters for one: the end of a word has its own.
  ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
  // A voiced kana is another letter, not an accent.
  ['が', 'か\u3099'],
  // Where a line ends is where the page may end one: a space.
  ['one\r\ntwo\u2028三\u00a0四', 'one  two 三 四'],
])('%s is compared as %s', (text, folded) => {
  expect(fold(text)).toBe(folded)
})

test('folding letter by letter is folding the whole, and every place leads back into the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const { text: folded, origins } = foldWithOrigins(text)
      expect(folded.length + 1).toBe(origins.length)
      expect(origins.at(-1)).toBe(text.length)
      expect([...fold(text)].sort()).toEqual([...folded].sort())
    }),
  )
})

test.each([
  ['  capital   France ', ['capital', 'france']],
  ['"capital of" France', ['capital of', 'france']],
  ['“长城 在哪里”', ['长城 在哪里']],
  ['Paris paris PARIS', ['paris']],
  ['', []],
  ['"', ['"']],
  ['"" a', ['""', 'a']],
])('the words of %j are %j', (query, terms) => {
  expect(searchTerms(query)).toEqual(terms)
})

test('a query of a whole pasted text stays small', () => {
  expect(searchTerms('word '.repeat(10_000) + 'x'.repeat(100_000)).join('').length).toBeLessThan(4_000)
  expect(searchTerms(Array.from({ length: 500 }, (_, at) => `w${at}`).join(' '))).toHaveLength(16)
})

test('a match is marked as it is written, not as it is compared', () => {
  expect(shown(marked('In Zürich und ZURICH', ['zurich']))).toBe('In [Zürich] und [ZURICH]')
  expect(shown(marked('北京很大，我爱北京', ['北京']))).toBe('[北京]很大，我爱[北京]')
  expect(shown(marked('ﬁne', ['i']))).toBe('[ﬁ]ne')
  expect(shown(marked('a capital', ['cap', 'capital']))).toBe('a [capital]')
})

test('an excerpt is one line around the first match', () => {
  const text = `${'Before it much is said. '.repeat(20)}\n\nThe capital of France\nis Paris. ${'And more. '.repeat(50)}`
  const excerpt = shown(excerptOf(text, ['paris']))
  expect(excerpt).toMatch(/^….*The capital of France is \[Paris\]\. And more\..*…$/)
  expect(excerpt.length).toBeLessThan(230)
  expect(shown(excerptOf('Paris', ['paris']))).toBe('[Paris]')
})

test('what stands far into a long text is found at its place, whatever letters come before it', () => {
  const far = `${'ﬁne 𝒳 Zürich ½ '.repeat(2_000)}Here is the needle.`
  expect(shown(excerptOf(far, ['needle']))).toMatch(/^….{10,45}Here is the \[needle\]\.$/)
})

test.each([
  ['## The **heating** is `cold`', 'The heating is cold'],
  ['- [x] *done* and ~~gone~~\n1. __first__ _second_', 'done and gone\nfirst second'],
  ['> see [the photo](https://example.com/a_b.png "now") ![here](x.png)', 'see the photo here'],
  ['| Meter | Price |\n|---|:-:|\n| BH1750 | 3 € |', 'Meter · Price\n\nBH1750 · 3 €'],
  ['```js\nconst a = 2 * b_c * d\n```\n---', '\nconst a = 2 * b_c * d\n\n'],
  ['**专业测光表**（如 `BH1750`）', '专业测光表（如 BH1750）'],
  // What only looks like a mark is the person's own.
  ['snake_case_name, 2*3*4, 2 ** 3, #1, a|b, C:\\dir', 'snake_case_name, 2*3*4, 2 ** 3, #1, a|b, C:\\dir'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('%j is read as %j', (markdown, text) => {
  expect(plainText(markdown)).toBe(text)
})

// A pattern that tries every way through such a text would hold up all windows for minutes.
test('texts of nothing but marks are read in time', () => {
  for (const mark of ['[', '*', '_a', '`', '> ', '| ', '- ', '![](', '~~']) plainText(mark.repeat(200_000))
})

// "the bold word" in quotes did not find **bold**, and ** found every answer with a strong word.
test('an answer is found by what is read of it, and by where its links lead; a question as it was written', () => {
  const content = 'The **bold** word:\nsee [the manual](https://example.com/heating).'
  const names = 'lease.pdf'
  const answer = searchedText({ role: 'assistant', content, names })
  expect(answer).toBe('The bold word:\nsee the manual.\nlease.pdf\nhttps://example.com/heating')
  expect(fold(answer)).toContain('the bold word: see the manual')
  expect(shown(excerptOf(answer, ['example.com']))).toBe(
    '…word: see the manual. lease.pdf https://[example.com]/heating',
  )
  expect(searchedText({ role: 'user', content, names: null })).toBe(content)
})

test('nothing of a text is lost or torn in its marked form', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 })),
      (text, words) => {
        const terms = words.map(fold).filter(term => term !== '')
        expect(
          marked(text, terms)
            .map(segment => segment.text)
            .join(''),
        ).toBe(text)
        for (const { text: piece } of excerptOf(text, terms)) expect(piece.isWellFormed()).toBe(true)
      },
    ),
  )
})
