import { expect, test } from 'vitest'
import { parseDuration } from '../../../../main/api/go-json/duration.ts'

test.each([
  ['0', 0],
  ['-0', 0],
  ['+5s', 5e9],
  ['10m', 600e9],
  ['1h30m', 5400e9],
  ['500ms', 500e6],
  ['1.5h', 5400e9],
  ['.5s', 5e8],
  ['1.s', 1e9],
  ['3us', 3e3],
  ['3µs', 3e3],
  ['3μs', 3e3],
  ['7ns', 7],
  ['-1m', -60e9],
  ['2562047h', 2562047 * 3600e9],
])('%s is %d ns', (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds)
})

test.each([
  ['', 'time: invalid duration ""'],
  ['abc', 'time: invalid duration "abc"'],
  ['-', 'time: invalid duration "-"'],
  ['.', 'time: invalid duration "."'],
  ['-1', 'time: missing unit in duration "-1"'],
  ['5', 'time: missing unit in duration "5"'],
  ['1h5', 'time: missing unit in duration "1h5"'],
  ['5x', 'time: unknown unit "x" in duration "5x"'],
  ['5 m', 'time: unknown unit " m" in duration "5 m"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['5"', 'time: unknown unit "\\"" in duration "5\\""'],
  ['1é', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
  ['9999999h', 'time: invalid duration "9999999h"'],
  ['constructor', 'time: invalid duration "constructor"'],
  ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
])('%j is refused', (text, message) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ message, status: 400 }))
})
