import { expect, test } from 'vitest'
import { oneLine } from '../../main/one-line.ts'

test('marks that would turn the sidebar around, control characters and half characters are dropped', () => {
  expect(oneLine('safe\u202egnp.exe\u2066\0\u0007\ud800 end')).toBe('safegnp.exe end')
})
