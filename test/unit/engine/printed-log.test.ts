import { expect, it } from 'vitest'
import { PrintedLog } from '../../../main/engine/printed-log.ts'

it('keeps the last whole lines of a process that never stops printing', () => {
  const log = new PrintedLog(100)
  for (let line = 0; line < 10_000; line++) log.append(`line ${line}\n`)
  const kept = log.toString()
  expect(kept.length).toBeLessThanOrEqual(100)
  expect(kept).toMatch(/^line \d+\n/)
  expect(kept.endsWith('line 9999\n')).toBe(true)
})

it('keeps the end of a line longer than itself', () => {
  const log = new PrintedLog(10)
  log.append('x'.repeat(50))
  expect(log.toString()).toBe('x'.repeat(10))
})
