import { describe, expect, it } from 'vitest'
import { ReadingBatch } from '../../../../main/engine/runner/reading-batch.ts'

/** Both threads' views of the same batch, and whether the flag is up that llama.cpp looks at. */
function threads(slots: number) {
  const first = new ReadingBatch(slots)
  const computing = new ReadingBatch(first.memory)
  const isGivenUp = () => new Uint8Array(first.memory)[4 * slots] === 1
  return { first, computing, isGivenUp }
}

describe('ReadingBatch', () => {
  it('has a batch given up when the only prompt it reads was cancelled', () => {
    const { first, computing, isGivenUp } = threads(2)
    computing.begin([7])
    expect(isGivenUp()).toBe(false)
    first.cancel(7)
    expect(isGivenUp()).toBe(true)
  })

  it('goes on while anybody waits for one of its prompts', () => {
    const { first, computing, isGivenUp } = threads(2)
    computing.begin([7, 8])
    first.cancel(8)
    expect(isGivenUp()).toBe(false)
    first.cancel(7)
    expect(isGivenUp()).toBe(true)
  })

  it('does not touch a batch for one that waits in the queue, nor one that has ended', () => {
    const { first, computing, isGivenUp } = threads(2)
    computing.begin([7])
    first.cancel(9)
    computing.end()
    first.cancel(7)
    expect(isGivenUp()).toBe(false)
  })

  it('begins the next batch afresh', () => {
    const { first, computing, isGivenUp } = threads(1)
    computing.begin([7])
    first.cancel(7)
    computing.end()
    computing.begin([8])
    expect(isGivenUp()).toBe(false)
  })

  it('keeps the text that is the flag ended by a zero: llama.cpp reads it up to there', () => {
    for (const slots of [1, 2, 3, 4, 5]) {
      const { first, computing } = threads(slots)
      const ids = Array.from({ length: slots }, (_, index) => 0x7f7f7f7f - index)
      computing.begin(ids)
      for (const id of ids) first.cancel(id)
      expect([...new Uint8Array(first.memory).subarray(4 * slots)]).toEqual([1, 0])
    }
  })
})
