import { expect, test } from 'vitest'
import { completeParts, contiguous, cutIntoParts, type Part } from '../../../../main/library/registry/part.ts'

const part = (n: number, offset: number, size: number, completed = 0): Part => ({ n, offset, size, completed })

/** Parts lie side by side from the first byte to the last, and no two share a number. */
function expectTiles(parts: readonly Part[], total: number): void {
  let at = 0
  for (const { offset, size } of parts) {
    expect(offset).toBe(at)
    at += size
  }
  expect(at).toBe(total)
  expect(new Set(parts.map(({ n }) => n)).size).toBe(parts.length)
}

test.each([0, 1, 15_999_999, 16_000_000, 16_000_001, 4_000_000_000, 70_000_000_000, 2 ** 52])(
  'a blob of %d bytes is cut without gap, into few enough parts',
  total => {
    const parts = cutIntoParts(0, total)
    expectTiles(parts, total)
    expect(parts.length).toBeLessThanOrEqual(1024)
  },
)

test('parts of another program are kept, what lies between them is added', () => {
  const known = [part(3, 50_000_000, 10_000_000, 7), part(0, 0, 20_000_000, 20_000_000)]
  const parts = completeParts(known, 80_000_000)
  expectTiles(parts, 80_000_000)
  expect(parts).toEqual(expect.arrayContaining(known))
  expect(parts.filter(({ completed }) => completed > 0)).toHaveLength(2)
})

test('of two that claim the same bytes one is believed; none is that leads beyond the end', () => {
  const parts = completeParts([part(0, 0, 100, 100), part(1, 50, 100, 100), part(2, 150, 100, 100)], 200)
  expectTiles(parts, 200)
  expect(parts.filter(({ completed }) => completed > 0)).toEqual([part(0, 0, 100, 100)])
})

test('the hash may go as far as there is no gap', () => {
  expect(contiguous([part(0, 0, 10, 10), part(1, 10, 10, 4), part(2, 20, 10, 10)])).toBe(14)
  expect(contiguous([])).toBe(0)
})
