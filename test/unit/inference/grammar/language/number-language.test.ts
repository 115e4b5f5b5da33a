import { expect, it, test } from 'vitest'
import { Languages } from '../../../../../main/inference/grammar/language/language.ts'
import { numberLanguage } from '../../../../../main/inference/grammar/language/number-language.ts'
import { Random } from '../random.ts'

const inclusive = (value: number) => ({ value, exclusive: false })
const exclusive = (value: number) => ({ value, exclusive: true })

// Ranges of digits go wrong at powers of ten, at nines and around zero.
test.each([
  [0, 0],
  [0, 9],
  [1, 10],
  [9, 11],
  [99, 101],
  [100, 999],
  [123, 4567],
  [-5, 5],
  [-100, -10],
  [-1, 0],
  [-12, 345],
  [19, 91],
  [1000, 1000],
  [989, 1010],
])('whole numbers from %d to %d', (minimum, maximum) => {
  const languages = new Languages(1e7)
  const language = numberLanguage(
    languages,
    { minimum: inclusive(minimum), maximum: inclusive(maximum), multipleOf: [] },
    true,
  )
  for (let n = minimum - 1100; n <= maximum + 1100; n++) {
    expect(languages.matches(language, String(n)), String(n)).toBe(n >= minimum && n <= maximum)
  }
})

it('decimals within random bounds', () => {
  const failures: string[] = []
  const random = new Random(3)
  for (let i = 0; i < 150; i++) {
    const languages = new Languages(1e7)
    const decimal = () => Number((random.between(-3000, 3000) / 10 ** random.between(0, 3)).toFixed(3))
    const [low, high] = [decimal(), decimal()].sort((a, b) => a - b) as [number, number]
    const open = random.chance(0.5)
    const bound = open ? exclusive : inclusive
    const language = numberLanguage(languages, { minimum: bound(low), maximum: bound(high), multipleOf: [] }, false)
    for (const value of [
      low,
      high,
      0,
      ...Array.from({ length: 40 }, () => random.pick([decimal(), low + random.between(-20, 20) / 1000])),
    ]) {
      const text = String(Number(value.toFixed(4)))
      const number = Number(text)
      const isWithin = open ? number > low && number < high : number >= low && number <= high
      if (languages.matches(language, text) !== isWithin) failures.push(`${text} in ${low}..${high} ${open}`)
    }
  }
  expect(failures).toEqual([])
})

// A double holds about sixteen digits: a seventeenth may round a number onto the bound it must stay away from.
test.each([
  [{ maximum: exclusive(1) }, '0.99999999999999', '0.999999999999999999'],
  [{ minimum: exclusive(0.3) }, '0.30000000000001', '0.3000000000000000001'],
  [{ maximum: exclusive(123456789) }, '123456788.999999', '123456788.99999999999'],
])('an exclusive bound %j is not reached by rounding', (limits, near, tooNear) => {
  const languages = new Languages(1e7)
  const language = numberLanguage(languages, { ...limits, multipleOf: [] }, false)
  expect(languages.matches(language, near)).toBe(true)
  expect(languages.matches(language, tooNear)).toBe(false)
})

test.each([
  [3, 0],
  [7, 0],
  [10, 0],
  [12, 0],
  [50, 0],
  [100, 0],
  [0.5, 1],
  [0.25, 2],
  [1.5, 1],
  [0.01, 2],
])('multiples of %d', (of, places) => {
  const languages = new Languages(1e7)
  const language = numberLanguage(languages, { multipleOf: [of] }, false)
  const unit = 10 ** places
  for (let n = -400; n <= 1200; n++) {
    const isMultiple = n % Math.round(of * unit) === 0
    expect(languages.matches(language, String(n / unit)), String(n / unit)).toBe(isMultiple)
  }
})
