import { describe, expect, it } from 'vitest'
import { Repetition } from '../../../../main/engine/runner/repetition.ts'

/** Which of the pieces, counted from one, ended the answer; 0 for none. */
function endsAt(pieces: readonly (string | Buffer)[]): number {
  const repetition = new Repetition()
  return pieces.findIndex(piece => repetition.push(Buffer.from(piece))) + 1
}

const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value)

describe('Repetition', () => {
  // A model caught in a loop would otherwise fill the whole context with one word.
  it('is noticed when a piece has followed itself thirty times, whatever spaces it has', () => {
    expect(endsAt(times(31, 'no'))).toBe(0)
    expect(endsAt([...times(31, 'no'), ' no'])).toBe(32)
    expect(endsAt(times(100, '\n'))).toBe(32)
  })

  it('counts anew after another piece', () => {
    expect(endsAt([...times(31, 'no'), 'yes', ...times(31, 'no')])).toBe(0)
  })

  it('does not take the different halves of characters for the same', () => {
    const halves = times(20, ['\xe4', '\xbd', '\xa0', '\xe5', '\xa5', '\xbd']).flat()
    expect(endsAt(halves.map(half => Buffer.from(half, 'latin1')))).toBe(0)
  })
})
