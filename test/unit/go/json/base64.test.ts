import { expect, test } from 'vitest'
import { decodeBase64 } from '../../../../main/go/json/base64.ts'

test.each([
  ['', ''],
  ['aGVsbG8=', 'hello'],
  ['aGVs\nbG8=\r\n', 'hello'],
  ['aGk=', 'hi'],
  ['aA==', 'h'],
  ['aA=\n=', 'h'],
])('%j is %j', (text, expected) => {
  expect(decodeBase64(text).toString()).toBe(expected)
})

// The offsets are what Go's decoder reports; a wrong one would make a client point at the wrong place.
test.each([
  ['data:image/png;base64,AAAA', 4],
  ['http://example.com/a.png', 4],
  ['aGVsbG8', 4],
  ['aGVsbG', 4],
  ['aGVsb', 4],
  ['aGVs!', 4],
  ['=', 0],
  ['a=', 1],
  ['aA=', 3],
  ['aA=x', 2],
  ['aA==x', 4],
  ['aGk=x', 4],
  ['aGk==', 4],
  ['aG\n!k', 3],
  ['aGVsbG8_', 7],
  ['aé', 1],
  ['iVBORw0KGgoAAAANSUhEUgAA...', 24],
])('%j fails at byte %d', (text, offset) => {
  expect(() => decodeBase64(text)).toThrow(`illegal base64 data at input byte ${offset}`)
})
