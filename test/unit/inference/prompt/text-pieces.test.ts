import { describe, expect, test } from 'vitest'
import { longestToken } from '../../../../main/engine/engine.ts'
import { countTokens, endsOf, pieces } from '../../../../main/inference/prompt/text-pieces.ts'
import { fc } from '../../../properties.ts'

test('pieces are the text again, none too long, none empty among several, no character cut in two', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '😀', 'é'), maxLength: 60 })
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 9 }), (whole, longest) => {
      const all = [...pieces(whole, longest)]
      expect(all.join('')).toBe(whole)
      for (const piece of all) {
        expect(piece.length).toBeLessThanOrEqual(longest)
        expect(piece.isWellFormed()).toBe(true)
      }
      if (whole !== '') expect(all).not.toContain('')
    }),
  )
})

test('a piece ends in front of a space: most tokens begin with theirs', () => {
  expect([...pieces('one two three', 9)]).toEqual(['one two', ' three'])
})

test('of a huge text the ends are left, and they are still too long for the context', () => {
  const text = `start${'x'.repeat(3 * 4 * longestToken)}end`
  const ends = endsOf(text, 4)
  expect(ends).toHaveLength(2 * 4 * longestToken)
  expect(ends).toMatch(/^start[\s\S]*end$/)
  expect(endsOf(ends, 4)).toBe(ends)
})

describe('whether a text fits', () => {
  const counted: string[] = []
  const perWord = async (piece: string) => {
    counted.push(piece)
    return piece.split(' ').length
  }

  test('is not counted where its length tells', async () => {
    expect(await countTokens('x'.repeat(9), 10, perWord)).toBe(9)
    expect(await countTokens('x'.repeat(10 * longestToken + 1), 10, perWord)).toBe(11)
    expect(counted).toEqual([])
  })

  test('is counted no further than it takes', async () => {
    const words = 'word '.repeat(200_000)
    expect(await countTokens(words, 10_000, perWord)).toBeGreaterThan(10_000)
    expect(counted).toHaveLength(1)
  })
})
