import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hidesIcons, Staying } from '../../../main/desktop/staying.ts'

let now: {
  atWork: boolean
  wanted: boolean
  window: boolean
  icon: boolean
  quits: number
  told: number
  said: boolean
}
let staying: Staying

beforeEach(() => {
  vi.useFakeTimers()
  now = { atWork: false, wanted: false, window: false, icon: false, quits: 0, told: 0, said: false }
  staying = opened(false)
})

const opened = (hidesIcons: boolean) =>
  new Staying({
    hidesIcons,
    tell: () => {
      now.told += 1
      now.said = true
      return () => {
        now.said = false
      }
    },
    isAtWork: () => now.atWork,
    isWanted: () => now.wanted,
    hasWindow: () => now.window,
    show: on => {
      now.icon = on
    },
    quit: () => {
      now.quits += 1
    },
  })
afterEach(() => vi.useRealTimers())

test('with nothing at work the last window ends the app', () => {
  staying.windowsClosed()
  expect(now).toMatchObject({ quits: 1, icon: false })
})

// A model in the making was lost with its window.
test('with something at work it stays, can be seen, and ends when that is done', () => {
  now.atWork = true
  staying.windowsClosed()
  vi.advanceTimersByTime(60_000)
  expect(now).toMatchObject({ quits: 0, icon: true })
  now.atWork = false
  vi.advanceTimersByTime(1000)
  expect(now).toMatchObject({ quits: 1, icon: false })
  vi.advanceTimersByTime(60_000)
  expect(now.quits).toBe(1)
})

// The app would end under the hands of whoever came back.
test('opened again meanwhile, it does not end with the work, but with the next window', () => {
  now.atWork = true
  staying.windowsClosed()
  now.window = true
  now.atWork = false
  vi.advanceTimersByTime(60_000)
  expect(now).toMatchObject({ quits: 0, icon: false })
  now.window = false
  staying.windowsClosed()
  expect(now.quits).toBe(1)
})

test('where the person wants it to stay, it does, at work or not', () => {
  now.wanted = true
  staying.windowsClosed()
  vi.advanceTimersByTime(60_000)
  expect(now.quits).toBe(0)
})

// GNOME shows no icon: Hearth was there, and nothing said so.
test('it says once that it works on without a window', () => {
  now.atWork = true
  for (const window of [false, true, false]) {
    now.window = window
    if (!window) staying.windowsClosed()
    vi.advanceTimersByTime(5000)
  }
  expect(now.told).toBe(1)
})

// "Hearth works on" stood there when it had ended.
test('what it said is taken back when it ends, or a window is there', () => {
  for (const change of [{ atWork: false }, { window: true }]) {
    now.atWork = true
    staying = opened(false)
    staying.windowsClosed()
    vi.advanceTimersByTime(5000)
    expect(now.said).toBe(true)
    Object.assign(now, change)
    vi.advanceTimersByTime(1000)
    expect(now.said).toBe(false)
  }
})

test.each([
  ['GNOME', 1],
  ['GNOME-Classic:GNOME', 1],
  // They bring the extension.
  ['ubuntu:GNOME', 0],
  ['KDE', 0],
  [undefined, 0],
])('where the person wants it to stay, it says so on a desktop without icons: %s', (desktop, told) => {
  now.wanted = true
  staying = opened(hidesIcons(desktop))
  staying.windowsClosed()
  staying.windowsClosed()
  expect(now.told).toBe(told)
})
