import { describe, expect, it } from 'vitest'
import { humanBytes, humanTime } from '../../../main/cli/human.ts'

describe('humanBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [1500, '1.5 KB'],
    [46_000_000, '46 MB'],
    [2_019_393_189, '2.0 GB'],
    [9_999_999_999, '10.0 GB'],
    [65_290_000_000, '65 GB'],
    [1e12, '1 TB'],
  ])('%d is %s', (bytes, text) => expect(humanBytes(bytes)).toBe(text))
})

describe('humanTime', () => {
  const now = Date.parse('2026-11-21T10:00:00Z')
  const minute = 60_000
  const day = 24 * 60 * minute
  it.each([
    [200, 'Less than a second ago'],
    [1_000, '1 second ago'],
    [59_900, '59 seconds ago'],
    [minute, 'About a minute ago'],
    [59 * minute, '59 minutes ago'],
    [60 * minute, 'About an hour ago'],
    [47 * 60 * minute, '47 hours ago'],
    [3 * day, '3 days ago'],
    [21 * day, '3 weeks ago'],
    [100 * day, '3 months ago'],
    [800 * day, '2 years ago'],
    [-4.5 * minute, '4 minutes from now'],
    [-292 * 365 * day, 'Forever'],
  ])('%d milliseconds ago is told as %s', (ago, text) => {
    expect(humanTime(new Date(now - ago).toISOString(), now, 'Never')).toBe(text)
  })

  it.each(['', 'yesterday', '0001-01-01T00:00:00Z'])('%j is no time', text => {
    expect(humanTime(text, now, 'Never')).toBe('Never')
  })
})
