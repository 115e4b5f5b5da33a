import { expect, test } from 'vitest'
import { parseGoDuration } from '../../../main/go/duration.ts'

test.each([
  ['0', 0],
  ['-0', 0],
  ['+5s', 5e3],
  ['10m', 600e3],
  ['1h30m', 5400e3],
  ['500ms', 500],
  ['1.5h', 5400e3],
  ['.5s', 500],
  ['1.s', 1e3],
  ['3us', 3e-3],
  ['3µs', 3e-3],
  ['3μs', 3e-3],
  ['7ns', 7e-6],
  ['-1m', -60e3],
  ['2562047h', 2562047 * 3600e3],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 9)
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
  expect(() => parseGoDuration(text)).toThrow(expect.objectContaining({ message }))
})
