import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { Bar, clock } from '../../../../main/cli/progress/bar.ts'

function barAt(completed: number): Bar {
  const bar = new Bar('pulling 8934d96d3f08', 2_600_000_000, 0, 0)
  bar.set(completed, 10_000)
  return bar
}

describe('Bar', () => {
  it('tells part, sizes, rate and time left', () => {
    expect(barAt(1_200_000_000).line(90)).toBe(
      'pulling 8934d96d3f08:  46% ▕████████████               ▏ 1.2 GB/2.6 GB    120 MB/s     12s',
    )
  })

  it('tells at its end how much it was, without its length having changed', () => {
    const done = barAt(2_600_000_000).line(90)
    expect(done).toBe('pulling 8934d96d3f08: 100% ▕███████████████████████████▏ 2.6 GB')
    expect(done.indexOf('▏')).toBe(barAt(5).line(90).indexOf('▏'))
  })

  // A line that is broken by the terminal is not taken back by the next picture: the screen fills with bars.
  it.each([27, 30, 40, 60, 79, 200])('never takes more than %d columns', columns => {
    for (const completed of [0, 1, 1_299_999_999, 2_600_000_000]) {
      expect(stringWidth(barAt(completed).line(columns))).toBeLessThanOrEqual(columns)
    }
  })

  it('does not count what was there before as fetched', () => {
    const bar = new Bar('pulling x', 1_000_000, 900_000, 0)
    bar.set(950_000, 1_000)
    expect(bar.line(100)).toContain('50 KB/s      1s')
  })

  it('stays within its size when a server claims more', () => {
    expect(barAt(9e15).line(60)).toMatch(/100% ▕█+▏ 2\.6 GB$/)
  })
})

it.each([
  [0.2, '1s'],
  [61, '1m1s'],
  [3_700, '1h1m'],
  [1e9, '99h+'],
])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text))
