import { describe, expect, it } from 'vitest'
import { goBool, goFloat, goJson, goMapJson, goQuote } from '../../../main/go/text.ts'

describe('goJson', () => {
  // A byte that differs from Go's gives a manifest another digest than Ollama computes.
  it('escapes what Go escapes and nothing else', () => {
    expect(goJson({ b: '<a> & "b"', a: '\u2028\u2029\x7f\x01\n/é😀' })).toBe(
      '{"b":"\\u003ca\\u003e \\u0026 \\"b\\"","a":"\\u2028\\u2029\x7f\\u0001\\n/é😀"}',
    )
  })

  it('sorts the keys of maps by bytes, at every depth, numeric keys too', () => {
    expect(goMapJson({ stop: ['b', 'a'], '10': 1, '9': { z: null, a: true }, '\uffff': 1, '😀': 2 })).toBe(
      '{"10":1,"9":{"a":true,"z":null},"stop":["b","a"],"\uffff":1,"😀":2}',
    )
  })
})

describe('goQuote', () => {
  it.each([
    ['plain', '"plain"'],
    ['say "hi"\\', '"say \\"hi\\"\\\\"'],
    ['\t\n\r\v\f\b\x07\0\x7f', '"\\t\\n\\r\\v\\f\\b\\a\\x00\\x7f"'],
    ['你好 é', '"你好 é"'],
    ['\u200d\u00a0\ufeff', '"\\u200d\\u00a0\\ufeff"'],
    ['\u{e0001}😀', '"\\U000e0001😀"'],
    ['\ud800', '"\\ufffd"'],
  ])('quotes %j', (text, quoted) => expect(goQuote(text)).toBe(quoted))
})

describe('goFloat', () => {
  it.each([
    [0, '0'],
    [0.7, '0.7'],
    [-1, '-1'],
    [4096, '4096'],
    [131072, '131072'],
    [1_000_000, '1e+06'],
    [1_048_576, '1.048576e+06'],
    [1e21, '1e+21'],
    [1e-4, '0.0001'],
    [0.00001, '1e-05'],
    [-2.5e-7, '-2.5e-07'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('prints %d', (value, text) => expect(goFloat(value)).toBe(text))
})

describe('goBool', () => {
  it.each([
    ['t', true],
    ['TRUE', true],
    ['1', true],
    ['F', false],
    ['False', false],
    ['0', false],
    ['yes', undefined],
    ['tRUE', undefined],
  ])('reads %s', (text, value) => expect(goBool(text)).toBe(value))
})
