import { expect, test } from 'vitest'
import { idSource } from '../../../main/conversations/ids.ts'

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

test('two processes at the same moment do not make the same id', () => {
  expect(idSource(() => 1)()).not.toBe(idSource(() => 1)())
})
