import { expect, test } from 'vitest'
import { encodeGoJson, goQuote, goTime } from '../../../../main/api/go-json/encode.ts'

test('what HTML knows is escaped as Go does, in keys too', () => {
  expect(encodeGoJson({ 'a<': 'x</b>&\u2028\u2029é', n: 1e21, t: 1e-7 })).toBe(
    '{"a\\u003c":"x\\u003c/b\\u003e\\u0026\\u2028\\u2029é","n":1e+21,"t":1e-7}',
  )
})

test.each([
  [0n, '1970-01-01T00:00:00Z'],
  [1_700_000_000_000_000_000n, '2023-11-14T22:13:20Z'],
  [1_700_000_000_123_000_000n, '2023-11-14T22:13:20.123Z'],
  [1_700_000_000_123_456_789n, '2023-11-14T22:13:20.123456789Z'],
  [1_700_000_000_000_000_001n, '2023-11-14T22:13:20.000000001Z'],
])('%d is %s', (nanoseconds, text) => {
  expect(goTime(nanoseconds)).toBe(text)
})

test('local time carries its offset and names the same moment', () => {
  const text = goTime(1_700_000_000_500_000_000n, true)
  expect(text).toMatch(/^2023-11-1\d\d?T\d\d:\d\d:20\.5(Z|[+-]\d\d:\d\d)$/)
  expect(Date.parse(text)).toBe(1_700_000_000_500)
})

test.each([
  ['bert', '"bert"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nb\t\x01\x7f', '"a\\nb\\t\\x01\\x7f"'],
  ['é😀', '"é😀"'],
  ['\u00a0\u200b', '"\\u00a0\\u200b"'],
])('%j quoted is %s', (text, quoted) => {
  expect(goQuote(text)).toBe(quoted)
})
