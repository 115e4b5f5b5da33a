import { describe, expect, test } from 'vitest'
import { fileName, UniqueNames } from '../../../main/files/file-names.ts'

describe('a file name', () => {
  test.each([
    ['What is 2/3 * "x"?', 'What is 2 3 x'],
    ['../../etc/passwd', 'etc passwd'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['COM¹', '_COM¹'],
    ['console', 'console'],
    ['a\u0000b\u202ec\n', 'a bc'],
    ['.hidden. . ', 'hidden'],
    ['北京的天气？', '北京的天气？'],
    ['', 'Untitled'],
    ['???', 'Untitled'],
  ])('of %j is %j', (title, name) => {
    expect(fileName(title, 'Untitled')).toBe(name)
  })

  test('is no longer than file systems take, and tears no letter', () => {
    for (const letter of ['a', '气', '👩‍👩‍👧‍👦', 'e\u0301']) {
      const name = fileName(letter.repeat(300), 'Untitled')
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150)
      expect(name.replaceAll(letter.normalize('NFC'), '')).toBe('')
    }
  })

  test('is given once, also where case is ignored', () => {
    const names = new UniqueNames()
    expect(['a', 'A', 'a (2)', 'a', 'b'].map(name => names.next(name))).toEqual([
      'a',
      'A (2)',
      'a (2) (2)',
      'a (3)',
      'b',
    ])
  })
})
