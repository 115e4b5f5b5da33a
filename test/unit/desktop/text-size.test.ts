import { expect, test } from 'vitest'
import { nextTextSize } from '../../../main/desktop/text-size.ts'

test.each([
  [100, 'larger', 110],
  [100, 'smaller', 90],
  [150, 'usual', 100],
  // At either end, and for what was written into the file by hand.
  [200, 'larger', 200],
  [80, 'smaller', 80],
  [115, 'larger', 125],
  [300, 'smaller', 200],
  [300, 'larger', 300],
] as const)('from %i percent, %s is %i', (now, step, next) => {
  expect(nextTextSize(now, step)).toBe(next)
})
