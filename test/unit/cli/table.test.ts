import { expect, it } from 'vitest'
import { table } from '../../../main/cli/table.ts'

// Counted in characters, columns behind a Chinese name would stand two to the left for each of its characters.
it('aligns columns by the width a terminal gives the characters', () => {
  const rows = [
    ['NAME', 'SIZE'],
    ['模型', '1 GB'],
    ['é👨‍👩‍👧', '2 GB'],
  ]
  expect(table(rows)).toEqual(['NAME    SIZE', '模型    1 GB', 'é👨‍👩‍👧     2 GB'])
})

// A model called so would clear the screen of whoever lists models, or hide among others.
it('writes out what would command the terminal or turn a name around', () => {
  expect(table([['\x1b[2Jx\n\u202ey\x9b', 'z']])).toEqual(['\\x1b[2Jx\\n\\u202ey\\x9b    z'])
})
