import { beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../../preload/contract.ts'
import { guessedHeight } from '../../../../renderer/features/chat/rows/guessed-height.ts'
import { Rows } from '../../../../renderer/features/chat/rows/rows.ts'
import { aMessage } from '../fake-hearth.ts'

const view = 600
/** Of one line each, so that all are guessed to be as high. */
const chat = (from: number, to: number): Message[] =>
  Array.from({ length: to - from }, (_, index) => aMessage({ id: `m${from + index}`, content: 'Line' }))
const guess = guessedHeight(chat(0, 1)[0]!)

let rows: Rows
let told = 0

const inPage = () => rows.parts([]).flatMap(part => ('index' in part ? part.index : []))
const wholeHeight = () =>
  rows
    .parts([])
    .reduce(
      (sum, part) => sum + ('room' in part ? part.room : rows.offset(part.index + 1) - rows.offset(part.index)),
      0,
    )
const at = (top: number) => ({ top, height: view })

beforeEach(() => {
  rows = new Rows(view)
  rows.subscribe(() => (told += 1))
  told = 0
})

describe('a long chat', () => {
  beforeEach(() => {
    rows.take(chat(0, 10_000))
    rows.resized(at(10_000 * guess - view))
    told = 0
  })

  it('begins with its end and no more than a screen of it, or opening it would draw what nobody sees', () => {
    expect(inPage().at(-1)).toBe(9999)
    expect(inPage()).toHaveLength(Math.floor(view / guess) + 1)
    expect(wholeHeight()).toBeCloseTo(10_000 * guess)
  })

  it('has the rows that scrolling comes to in the page before they are in sight', () => {
    rows.scrolled(at(9_000 * guess))
    rows.scrolled(at(9_000 * guess - 100))
    expect(inPage()[0]).toBeLessThan(9_000 - 3)
    expect(inPage().at(-1)).toBeGreaterThan(9_000 + view / guess)
  })

  // The sizes of what a leap led to are told before the browser tells of the next leap.
  it('draws only what is in sight where it is leapt to, and what is beside it when that has ended', () => {
    for (const row of [5_000, 4_000, 3_000]) {
      rows.resized(at(row * guess))
      rows.scrolled(at(row * guess))
      expect(inPage()[0]).toBe(row)
      expect(inPage()).toHaveLength(Math.floor(view / guess) + 1)
    }
    rows.scrolled(at(3_000 * guess))
    expect(inPage()[0]).toBeLessThan(3_000 - 3)
  })

  it('tells nothing while the last answer grows and the end is followed: that would be a second commit a frame', () => {
    for (let times = 0; times < 2; times += 1) rows.scrolled(at(10_000 * guess - view))
    told = 0
    for (let height = guess; height < 5_000; height += 24) {
      rows.take([...chat(0, 9_999), aMessage({ id: 'm9999', content: `Line ${height}` })])
      rows.measure('m9999', height)
      rows.resized(at(9_999 * guess + height - view))
      rows.scrolled(at(9_999 * guess + height - view))
    }
    expect(told).toBe(0)
  })

  it('draws more where rows are lower than they were guessed, or a part of the screen would stay empty', () => {
    rows.scrolled(at(5_000 * guess))
    for (const index of inPage()) rows.measure(`m${index}`, 10)
    rows.resized(at(5_000 * guess))
    expect(rows.offset(inPage().at(-1)! + 1)).toBeGreaterThanOrEqual(5_000 * guess + view)
  })

  it('keeps a row that is being edited in the page, and the room of all others', () => {
    const parts = rows.parts([17])
    expect(parts.map(part => ('index' in part ? part.index : part.room)).slice(0, 3)).toEqual([
      17 * guess,
      17,
      (inPage()[0]! - 18) * guess,
    ])
    expect(rows.parts([inPage()[1]!])).toEqual(rows.parts([]))
  })
})

describe('when other messages come', () => {
  it('the same rows stay in the page under those that are told before them, and it is known how much lower', () => {
    rows.take(chat(100, 200))
    rows.resized(at(40 * guess))
    rows.scrolled(at(40 * guess))
    const ids = inPage().map(index => index + 100)
    expect(rows.take(chat(0, 200))).toBeCloseTo(100 * guess)
    expect(inPage()).toEqual(expect.arrayContaining(ids))
    expect(rows.take(chat(0, 200))).toBe(0)
  })

  it('counts those before them by their own heights, also when some were measured since', () => {
    const before = chat(100, 200)
    rows.take(before)
    rows.resized(at(40 * guess))
    rows.scrolled(at(40 * guess))
    rows.measure(`m${100 + inPage()[0]!}`, 500)
    expect(rows.take([aMessage({ id: 'high', content: 'Line\n'.repeat(50) }), ...before])).toBeCloseTo(
      guess + 24 * 49,
      -2,
    )
  })

  it('what is added at the end is in the page of whoever sees the end, and of nobody else', () => {
    rows.take(chat(0, 100))
    rows.take(chat(0, 102))
    expect(inPage()).toEqual(expect.arrayContaining([100, 101]))
    rows.scrolled(at(0))
    rows.take(chat(0, 104))
    expect(inPage().at(-1)).toBeLessThan(30)
  })

  it('another version in their place is drawn where the person is', () => {
    rows.take(chat(0, 100))
    rows.scrolled(at(50 * guess))
    rows.take([...chat(0, 40), ...chat(500, 700)])
    expect(inPage()).toEqual(expect.arrayContaining([50, 51, 52]))
  })

  it('a chat that lost all its messages has no rows, and takes new ones', () => {
    rows.take(chat(0, 100))
    rows.take([])
    expect(rows.parts([])).toEqual([])
    rows.take(chat(0, 2))
    expect(inPage()).toEqual([0, 1])
  })
})

it('a message to jump to is in the page with what is around it, wherever it stands', () => {
  rows.take(chat(0, 10_000))
  rows.center('m4321')
  expect(inPage()).toContain(4321)
  expect(inPage()[0]).toBeGreaterThan(4321 - 10)
  rows.center('gone')
  expect(inPage()).toContain(4321)
})
