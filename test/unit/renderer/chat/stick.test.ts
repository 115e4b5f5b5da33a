import { describe, expect, it } from 'vitest'
import { distanceToEnd, sticks } from '../../../../renderer/features/chat/stick.ts'

const view = 500
const end = { top: 1500, height: 2000, view }

describe('sticking to the end', () => {
  it('goes on while the content grows under an unmoved scroll position', () => {
    expect(sticks(end, { ...end, height: 2400 }, true)).toBe(true)
  })

  it('lets go at the smallest movement up, also close to the end: the next token must not pull the reader back', () => {
    expect(sticks(end, { ...end, top: 1497 }, true)).toBe(false)
  })

  it('lets go of an upward movement even when the content grew at the same moment', () => {
    expect(sticks(end, { top: 1450, height: 2100, view }, true)).toBe(false)
  })

  it('takes hold again at the end, and not before', () => {
    const up = { top: 800, height: 2000, view }
    expect(sticks(up, { ...up, top: 1300 }, false)).toBe(false)
    expect(sticks(up, { ...up, top: 1496 }, false)).toBe(true)
  })

  it('does not take a shrinking list for a wish to go up', () => {
    expect(sticks(end, { top: 1300, height: 1800, view }, true)).toBe(true)
  })

  it('never measures a negative distance, as overscrolling does', () => {
    expect(distanceToEnd({ top: 1520, height: 2000, view })).toBe(0)
  })
})
