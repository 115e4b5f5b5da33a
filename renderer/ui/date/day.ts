/** Days as ISO 8601 writes them, `2026-11-18`: without a time, so without a time zone. */

const iso = /^\d{4}-\d\d-\d\d$/
const yearFirst = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/
/** Only with points: between strokes, the first number is the day in one country and the month in the next. */
const dayFirst = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/

const written = (date: Date): string => date.toISOString().slice(0, 10)
const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** Whether it is a day there is, written as ISO 8601 does. */
export function isDay(text: string): boolean {
  const date = dateOf(text)
  // Of 30 February, Date makes a day in March.
  return iso.test(text) && !Number.isNaN(date.getTime()) && written(date) === text
}

/** The day a person has typed; undefined where it is none, or could be two. */
export function readDay(typed: string): string | undefined {
  const text = typed.trim()
  const [, year, month, day] = yearFirst.exec(text) ?? swapped(dayFirst.exec(text)) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  const found = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(found) ? found : undefined
}

const swapped = (match: RegExpExecArray | null) => match && [match[0], match[3], match[2], match[1]]

/** Today where the person is. */
export function today(): string {
  const now = new Date()
  return written(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())))
}

export function addDays(day: string, count: number): string {
  const date = dateOf(day)
  date.setUTCDate(date.getUTCDate() + count)
  return inRange(date) ? written(date) : day
}

/** The same day of another month, or its last one. */
export function addMonths(day: string, count: number): string {
  const date = dateOf(day)
  const wanted = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + count)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(wanted, last))
  return inRange(date) ? written(date) : day
}

/** Years of four digits: others are written differently. */
const inRange = (date: Date) => date.getUTCFullYear() >= 1000 && date.getUTCFullYear() <= 9999

/**
 * Where a key leads from a day in a calendar: the arrows by days and weeks, Home and End to the ends of its week, Page
 * Up and Page Down by months, with Shift by years. Undefined for a key that leads nowhere.
 */
export function dayByKey(day: string, key: string, shift: boolean): string | undefined {
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -weekday(day), End: 6 - weekday(day) }
  const months = { PageUp: -1, PageDown: 1 }
  if (key in days) return addDays(day, days[key as keyof typeof days])
  if (key in months) return addMonths(day, months[key as keyof typeof months] * (shift ? 12 : 1))
  return undefined
}

/** 0 for Monday. */
export const weekday = (day: string): number => (dateOf(day).getUTCDay() + 6) % 7

/** The weeks of a day's month from Monday to Sunday, six of them, with what they hold of its neighbours. */
export function weeksAround(day: string): string[][] {
  const first = `${day.slice(0, 8)}01`
  const begin = addDays(first, -weekday(first))
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, at) => addDays(begin, week * 7 + at)))
}

/** A day in words. @param options of Intl.DateTimeFormat */
export const inWords = (day: string, language: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(dateOf(day))
