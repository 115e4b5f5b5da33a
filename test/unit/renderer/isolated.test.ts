import { expect, test } from 'vitest'
import { isolated } from '../../../renderer/i18n/isolated.ts'

test('a name in letters read from the right is kept together, and any other stays as it is', () => {
  expect(isolated('שלום: 4')).toBe('\u2068שלום: 4\u2069')
  expect(isolated('\u2069سلام\u202E')).toBe('\u2068سلام\u2069')
  expect(isolated('Rome\u200F')).toBe('\u2068Rome\u200F\u2069')
  expect(isolated('Rome, 罗马')).toBe('Rome, 罗马')
})
