import { expect, test } from 'vitest'
import { GrowingText } from '../../../../../main/inference/prompt/output/growing-text.ts'
import { fc } from '../../../../properties.ts'

test('is read from any offset as a plain string is, however it grew', () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1_000, maxLength: 9_000 }))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat()), (pieces, offsets) => {
      const text = new GrowingText()
      let plain = ''
      for (const added of pieces) {
        text.add(added)
        plain += added
        expect(text.length).toBe(plain.length)
        for (const offset of offsets) {
          const start = offset % (plain.length + 2)
          expect(text.from(start)).toBe(plain.slice(start))
        }
      }
      expect(text.from(0)).toBe(plain)
    }),
  )
})
