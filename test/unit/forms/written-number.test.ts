import { expect, test } from 'vitest'
import { writtenNumber } from '../../../forms/written-number.ts'

test.each([
  ['12', 12],
  ['-3.5', -3.5],
  ['43,05', 43.05],
  ['0,125', 0.125],
  ['3,1234', 3.1234],
  ['1.234,50 €', 1234.5],
  ['$1,234.50', 1234.5],
  ['EUR 5,20', 5.2],
  ['23.40元', 23.4],
  ['1 234,50', 1234.5],
  ["1'234.50", 1234.5],
  ['1,234,567', 1_234_567],
  [' 0 ', 0],
])('%j is %d', (text, number) => {
  expect(writtenNumber(text)).toBe(number)
})

// A wrong number is worse than none: nobody looks at it again.
test.each([
  '',
  '€',
  'four',
  '1,234',
  '04109',
  '1.2.3',
  '192.168.100.200',
  '12,3,4',
  '1,23,456',
  '030 123 456',
  '5 EUR 20',
])('%j is left alone', text => {
  expect(writtenNumber(text)).toBeUndefined()
})
