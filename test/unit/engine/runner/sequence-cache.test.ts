import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryKind, SequenceCache } from '../../../../main/engine/runner/sequence-cache.ts'

/** Writes down what llama.cpp would be asked to do. */
class RecordingMemory {
  calls: (string | number)[][] = []
  forgets = true
  restores = true
  stateSize = 5
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
  saveState(): Uint8Array {
    return new Uint8Array(this.stateSize)
  }
  restoreState(sequence: number, state: Uint8Array): boolean {
    this.calls.push(['restore', sequence, state.length])
    // Behind the restored state there is nothing left to forget.
    this.forgets = true
    return this.restores
  }
}

const plain: MemoryKind = { window: undefined, shiftable: true, recurrent: false }

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
    expect(holding(tokens, { window: 30, shiftable: false, recurrent: false }).keep(95)).toBe(95)
    expect(holding(tokens, { window: 30, shiftable: false, recurrent: false }).keep(80)).toBe(0)
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
    const cache = holding([1, 2, 3, 4, 5, 6], { window: undefined, shiftable: false, recurrent: false })
    expect(cache.discardHalf(2)).toEqual([1, 2, 5, 6])
    expect(memory.calls).toEqual([['clear', 3]])
    expect(cache.length).toBe(0)
  })

  it('always makes room, also when nearly everything is to be kept', () => {
    const cache = holding([1, 2, 3, 4])
    cache.discardHalf(3)
    expect(cache.length).toBe(3)
  })

  it('forgets what a batch that was given up has left behind its tokens, and none of them', () => {
    const cache = holding([1, 2, 3, 4])
    cache.undo()
    expect(memory.calls).toEqual([['remove', 3, 4, -1]])
    expect(cache.length).toBe(4)
  })

  describe('of a memory that cannot forget a part', () => {
    const recurrent: MemoryKind = { window: undefined, shiftable: true, recurrent: true }
    const withPoints = (...lengths: number[]) => {
      memory.forgets = false
      const cache = holding([], recurrent)
      for (const length of lengths) {
        while (cache.length < length) cache.append([cache.length])
        cache.checkpoint()
      }
      cache.append([90, 91])
      return cache
    }

    it('goes back to the last checkpoint before, and keeps no later one', () => {
      const cache = withPoints(10, 20, 30)
      expect(cache.keep(25)).toBe(20)
      expect(memory.calls.slice(-2)).toEqual([
        ['restore', 3, 5],
        ['remove', 3, 20, -1],
      ])
      memory.forgets = false
      cache.append([1, 2, 3])
      expect(cache.keep(22)).toBe(20)
      memory.forgets = false
      expect(cache.keep(15)).toBe(10)
    })

    it('forgets all before its first checkpoint, and when llama.cpp refuses the saved state', () => {
      expect(withPoints(10).keep(9)).toBe(0)
      const cache = withPoints(10)
      memory.restores = false
      expect(cache.keep(10)).toBe(0)
      expect(memory.calls.at(-1)).toEqual(['clear', 3])
    })

    it('lets the oldest checkpoints go rather than filling the memory', () => {
      memory.stateSize = 2 ** 27
      const cache = withPoints(10, 20, 30)
      expect(cache.keep(15)).toBe(0)
    })

    it('goes back, too, where a batch that was given up has left a state between two tokens', () => {
      const cache = withPoints(10, 20)
      cache.undo()
      expect(cache.length).toBe(20)
      const early = withPoints()
      early.undo()
      expect(early.length).toBe(0)
    })

    it('has no checkpoint left of what it does not hold any more', () => {
      const cache = withPoints(10)
      cache.clear()
      cache.append([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
      memory.forgets = false
      expect(cache.keep(11)).toBe(0)
    })
  })
})
