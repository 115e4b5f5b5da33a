import { expect, test } from 'vitest'
import { idSource } from '../../../main/database/ids.ts'

test('an id is a UUID of version 7 that tells its time', () => {
  const id = idSource(() => Date.UTC(2026, 10, 21))()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 21))
})

test('ids sort by age within a millisecond, past the counter’s end, and when the clock goes back', () => {
  let now = 1_000_000
  const newId = idSource(() => now)
  const ids = Array.from({ length: 10_000 }, (_, index) => {
    if (index === 9_000) now = 5
    return newId()
  })
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

// Results made after the clock was set back stood before all others.
test('ids go on after those of an earlier process, whatever the clock says; what is no id is passed over', () => {
  const before = idSource(() => 1_000_000)
  const ids = [before(), before()]
  const after = idSource(() => 5, undefined, ids[1])
  ids.push(after(), after())
  expect([...ids].sort()).toEqual(ids)
  for (const newest of ['', 'row 1', 'ffffffff-ffff-7fff-8000-000000000000']) {
    expect(idSource(() => 1_000_000, undefined, newest)().slice(0, 13)).toBe(ids[0]?.slice(0, 13))
  }
})

test('two processes at the same moment do not make the same id', () => {
  expect(idSource(() => 1)()).not.toBe(idSource(() => 1)())
})
