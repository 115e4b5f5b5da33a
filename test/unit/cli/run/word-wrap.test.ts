import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { WordWrap } from '../../../../main/cli/run/word-wrap.ts'
import { fc } from '../../../properties.ts'

/** What a terminal shows after all was written, as far as a word that is taken back needs one. */
function screen(written: string): string {
  let lines = ['']
  for (const part of written.split(/(\x1b\[\d+D\x1b\[K|\n)/)) {
    const back = /^\x1b\[(\d+)D/.exec(part)
    const last = lines.at(-1)!
    if (part === '\n') lines.push('')
    else if (back) lines = [...lines.slice(0, -1), last.slice(0, last.length - Number(back[1]))]
    else lines = [...lines.slice(0, -1), last + part]
  }
  return lines.join('\n')
}

/** @param pieces as tokens come: anywhere within words */
function wrapped(pieces: readonly string[], columns: number): string {
  const wrap = new WordWrap(() => columns)
  return screen(pieces.map(piece => wrap.push(piece)).join(''))
}

describe('WordWrap', () => {
  it('takes a word that does not fit to the next line, also when it came in pieces', () => {
    expect(wrapped(['The capital of Fra', 'nce is Pa', 'ris.'], 22)).toBe('The capital of \nFrance is Paris.')
  })

  it('keeps the newlines of the answer, and counts from them', () => {
    expect(wrapped(['one\n\ntwo three'], 15)).toBe('one\n\ntwo three')
  })

  it('breaks Chinese between any two characters', () => {
    expect(wrapped(['法国的首都是巴黎。'], 15)).toBe('法国的首都\n是巴黎。')
  })

  it('cuts a word no line can hold', () => {
    expect(wrapped(['x'.repeat(25)], 15)).toBe(`${'x'.repeat(10)}\n${'x'.repeat(10)}\n${'x'.repeat(5)}`)
  })

  it('never writes beyond the edge, and loses nothing but spaces', () => {
    const text = fc.array(fc.constantFrom('a', 'longerword', ' ', '\n', '你', 'é', '😀', '。'), { maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 40 }), (pieces, columns) => {
        const shown = wrapped(pieces, columns)
        for (const line of shown.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
        expect(shown.replace(/\s/g, '')).toBe(pieces.join('').replace(/\s/g, ''))
      }),
    )
  })
})
