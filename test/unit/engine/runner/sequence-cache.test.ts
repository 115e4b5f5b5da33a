import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryKind, SequenceCache } from '../../../../main/engine/runner/sequence-cache.ts'

/** Writes down what llama.cpp would be asked to do. */
class RecordingMemory {
  calls: (string | number)[][] = []
  forgets = true
  first = 0

  remove(...where: number[]): boolean {
    this.calls.push(['remove', ...where])
    return this.forgets
  }
  shift(...where: number[]): void {
    this.calls.push(['shift', ...where])
  }
  clear(sequence: number): void {
    this.calls.push(['clear', sequence])
  }
  firstPosition(): number {
    return this.first
  }
}

const plain: MemoryKind = { window: undefined, shiftable: true }

describe('SequenceCache', () => {
  let memory: RecordingMemory
  const holding = (tokens: number[], kind = plain) => {
    const cache = new SequenceCache(memory, 3, kind)
    cache.append(tokens)
    return cache
  }
  beforeEach(() => {
    memory = new RecordingMemory()
  })

  it('keeps a common beginning and forgets the rest', () => {
    const cache = holding([1, 2, 3, 4])
    expect(cache.commonPrefix([1, 2, 9])).toBe(2)
    expect(cache.keep(2)).toBe(2)
    expect(memory.calls).toEqual([['remove', 3, 2, 4]])
    expect(cache.commonPrefix([1, 2, 3, 4])).toBe(2)
  })

  it('touches nothing when everything it holds is wanted', () => {
    expect(holding([1, 2]).keep(5)).toBe(2)
    expect(memory.calls).toEqual([])
  })

  it('forgets all when the memory cannot forget a part, as that of recurrent models', () => {
    memory.forgets = false
    const cache = holding([1, 2, 3, 4])
    expect(cache.keep(2)).toBe(0)
    expect(memory.calls.at(-1)).toEqual(['clear', 3])
    expect(cache.length).toBe(0)
  })

  it('does not build on a sliding window whose older part is overwritten', () => {
    const tokens = Array.from({ length: 100 }, (_, index) => index)
    memory.first = 60
    expect(holding(tokens, { window: 30, shiftable: false }).keep(95)).toBe(95)
    expect(holding(tokens, { window: 30, shiftable: false }).keep(80)).toBe(0)
  })

  it('discards the older half behind the kept tokens and moves the rest together', () => {
    const cache = holding([1, 2, 3, 4, 5, 6, 7, 8])
    expect(cache.discardHalf(2)).toEqual([])
    expect(memory.calls).toEqual([
      ['remove', 3, 2, 5],
      ['shift', 3, 5, 8, -3],
    ])
    expect(cache.commonPrefix([1, 2, 6, 7, 8])).toBe(5)
  })

  it('evaluates anew where positions cannot be moved: llama.cpp would abort the process', () => {
    const cache = holding([1, 2, 3, 4, 5, 6], { window: undefined, shiftable: false })
    expect(cache.discardHalf(2)).toEqual([1, 2, 5, 6])
    expect(memory.calls).toEqual([['clear', 3]])
    expect(cache.length).toBe(0)
  })

  it('always makes room, also when nearly everything is to be kept', () => {
    const cache = holding([1, 2, 3, 4])
    cache.discardHalf(3)
    expect(cache.length).toBe(3)
  })
})
