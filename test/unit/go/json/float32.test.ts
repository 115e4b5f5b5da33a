import { expect, test } from 'vitest'
import { shortFloat32 } from '../../../../main/go/json/float32.ts'
import { fc } from '../../../properties.ts'

test('a 32-bit float is told with the digits it needs, not with those of the double it is kept in', () => {
  const told = (value: number) => String(shortFloat32(Math.fround(value)))
  expect([0.1, -0.3, 0.5, 1, 0, 1 / 3, 0.012345678, 1e-7, 1234567.5, -99999.99].map(told)).toEqual([
    ...['0.1', '-0.3', '0.5', '1', '0', '0.33333334', '0.012345678', '1e-7', '1234567.5', '-99999.99'],
  ])
})

test('whatever is told reads back as the same 32-bit float', () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true })
  fc.assert(fc.property(float, value => Object.is(Math.fround(shortFloat32(value)), value)))
})

test('no number within a vector of length 1 takes more than nine digits', () => {
  fc.assert(
    fc.property(fc.float({ min: Math.fround(1e-6), max: 1 }), value => {
      expect(
        shortFloat32(value)
          .toExponential()
          .replace(/e.*|\./g, '').length,
      ).toBeLessThanOrEqual(9)
    }),
  )
})
