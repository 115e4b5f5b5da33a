import { expect, it } from 'vitest'
import {
  type CodePoints,
  codePoints,
  contains,
  difference,
  everyCodePoint,
  intersection,
  partition,
  union,
} from '../../../../../main/inference/grammar/language/code-points.ts'
import { Random } from '../random.ts'

const edges = [0, 1, 0x22, 0x5c, 0x7f, 0xd7fe, 0xd7ff, 0xe000, 0xe001, 0xffff, 0x10000, 0x10fffe, 0x10ffff]

it('keeps sets sorted, apart and free of surrogates', () => {
  expect(codePoints([5, 9], [1, 3], [4, 4], [0xd000, 0xe010])).toEqual([
    [1, 9],
    [0xd000, 0xd7ff],
    [0xe000, 0xe010],
  ])
})

// A code point lost or gained at the edge of a range is a character that can never be, or must not be, written.
it('combines sets as their members say', () => {
  const random = new Random(11)
  const set = (): CodePoints =>
    codePoints(
      ...Array.from(
        { length: random.between(0, 4) },
        () => [random.pick(edges), random.pick(edges)].sort((a, b) => a - b) as [number, number],
      ),
    )
  for (let i = 0; i < 300; i++) {
    const [a, b] = [set(), set()]
    const blocks = partition([a, b])
    for (const code of edges) {
      const [inA, inB] = [contains(a, code), contains(b, code)]
      expect(contains(union(a, b), code)).toBe(inA || inB)
      expect(contains(intersection(a, b), code)).toBe(inA && inB)
      expect(contains(difference(a, b), code)).toBe(inA && !inB)
      expect(blocks.filter(block => contains(block, code)).length).toBe(1)
    }
    expect(union(...blocks)).toEqual(everyCodePoint)
    for (const block of blocks) {
      expect([intersection(block, a).length === 0, difference(block, a).length === 0]).toContain(true)
    }
  }
})
