import { describe, expect, it } from 'vitest'
import type { TokenLogprob } from '../../../../main/engine/engine.ts'
import { TextAssembler } from '../../../../main/engine/runner/text-assembler.ts'

/** Feeds pieces one by one and returns what came out for each, and at the end. */
function assemble(pieces: readonly (string | Buffer)[], stops: readonly string[] = []) {
  const text = new TextAssembler(stops)
  const given: string[] = []
  for (const piece of pieces) {
    given.push(text.push(Buffer.from(piece as string)).text)
    if (text.stopString !== undefined) return { given, stop: text.stopString }
  }
  return { given: [...given, text.end().text], stop: undefined }
}

function bytes(text: string): Buffer[] {
  return [...Buffer.from(text)].map(byte => Buffer.from([byte]))
}

describe('TextAssembler', () => {
  it('gives a character only when all its bytes are there', () => {
    expect(assemble(bytes('é中😀')).given).toEqual(['', 'é', '', '', '中', '', '', '', '😀', ''])
  })

  it('drops half a character at the end instead of printing a replacement character', () => {
    expect(assemble([Buffer.from('中').subarray(0, 2)]).given).toEqual(['', ''])
  })

  it('shows bytes that can never become a character as a replacement and goes on', () => {
    expect(assemble([Buffer.from([0x61, 0xff, 0x62])]).given.join('')).toBe('a\uFFFDb')
  })

  it('keeps a byte order mark, which a decoder would swallow', () => {
    expect(assemble(['\uFEFFa']).given.join('')).toBe('\uFEFFa')
  })

  it('finds a stop string that lies across three tokens and gives nothing of it', () => {
    expect(assemble(['one EN', 'D', 'OF more'], ['ENDOF'])).toEqual({ given: ['one ', '', ''], stop: 'ENDOF' })
  })

  it('gives held text when it turns out not to be a stop string', () => {
    expect(assemble(['a<', '|im', 'x'], ['<|im_end|>'])).toEqual({ given: ['a', '', '<|imx', ''], stop: undefined })
  })

  it('gives held text when the answer ends before the stop string is whole', () => {
    expect(assemble(['abc<|'], ['<|im_end|>']).given).toEqual(['abc', '<|'])
  })

  it('holds back the longest possible beginning of a stop string that repeats itself', () => {
    expect(assemble(['aaab', 'aaab', 'c'], ['aabaaabc'])).toEqual({ given: ['a', '', ''], stop: 'aabaaabc' })
  })

  it('takes the earliest of several stop strings, whatever their order', () => {
    expect(assemble(['x two one'], ['one', 'two'])).toEqual({ given: ['x '], stop: 'two' })
  })

  it('stops in Chinese and after an emoji whose bytes come one by one', () => {
    expect(assemble(bytes('好😀结束了'), ['结束']).given.join('')).toBe('好😀')
  })

  it('ignores an empty stop string, which would end every answer at once', () => {
    expect(assemble(['abc'], [''])).toEqual({ given: ['abc', ''], stop: undefined })
  })

  it('gives each token out with the text it takes part in, and none of those cut off with the stop string', () => {
    const text = new TextAssembler(['STOP'])
    const token = (name: string): TokenLogprob => ({ token: name, logprob: -1, bytes: [] })
    const names = (piece: { logprobs: readonly TokenLogprob[] }) => piece.logprobs.map(entry => entry.token)
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    expect(names(text.push(first, token('half')))).toEqual([])
    expect(names(text.push(second, token('other half')))).toEqual(['half', 'other half'])
    expect(names(text.push(Buffer.from('ab S'), token('begins before')))).toEqual(['begins before'])
    expect(names(text.push(Buffer.from('TO'), token('inside')))).toEqual([])
    expect(names(text.push(Buffer.from('P'), token('last')))).toEqual([])
    expect(names(text.end())).toEqual(['inside', 'last'])
  })

  it('bears more stop strings than a call takes arguments', () => {
    const stops = Array.from({ length: 200_000 }, (_, index) => `<${index}>`)
    expect(assemble([Buffer.from('one <7'), Buffer.from('> two')], stops).given.join('')).toBe('one ')
  })

  it('never changes a text, however it is cut into pieces', () => {
    const whole = 'Grüße 你好 👩‍👩‍👧 <|x|> end'
    const all = Buffer.from(whole)
    for (let size = 1; size < 9; size++) {
      const pieces: Buffer[] = []
      for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size))
      expect(assemble(pieces, ['<|y|>', '你们', 'endless']).given.join('')).toBe(whole)
    }
  })
})
