/** Numbers, dates and sentences as the person's language writes them. Every function takes a BCP 47 tag. */

export const isChinese = (language: string) => language.startsWith('zh')

/** What stands between two sentences: the full stop of Chinese brings its own room. */
export const gap = (language: string) => (isChinese(language) ? '' : ' ')

/** Sentences one after the other, each with its full stop; empty ones are left out. */
export const sentences = (parts: readonly (string | null)[], language: string): string =>
  parts
    .filter(part => part !== null && part !== '')
    .map(part => (/[.!?…。！？]$/.test(String(part)) ? part : `${part}${isChinese(language) ? '。' : '.'}`))
    .join(gap(language))

/** A number stands apart from the Chinese word after it, as it does in all other texts of the window. */
const spaced = (text: string) => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ')

const formats = new Map<string, Intl.NumberFormat>()

/** To make one takes a tenth of a millisecond, as long as a hundred numbers take. */
function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = `${language} ${JSON.stringify(options)}`
  const known = formats.get(name) ?? new Intl.NumberFormat(language, options)
  formats.set(name, known)
  return known
}

/** @param fraction 0 to 1 */
export const percent = (fraction: number, language: string) =>
  numbers(language, { style: 'percent', maximumFractionDigits: 0 }).format(fraction)

/** @param bytes shown in decimal units, as disks and Ollama do */
export function fileSize(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  // Nobody counts in bytes.
  const power = bytes < 1000 ? 1 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return numbers(language, {
    style: 'unit',
    unit: units[power],
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

/** About how long: seconds, then minutes, then hours. */
export function duration(seconds: number, language: string): string {
  const [value, unit] =
    seconds < 60
      ? [Math.max(1, Math.ceil(seconds)), 'second']
      : seconds < 3600
        ? [Math.round(seconds / 60), 'minute']
        : [seconds / 3600, 'hour']
  const written = numbers(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  })
  return spaced(written.format(value))
}

export const number = (value: number, language: string, fractionDigits = 0) =>
  numbers(language, { maximumFractionDigits: fractionDigits }).format(value)

/** The name of a month, with its year when it is not this one. */
export const monthName = (time: number, now: number, language: string) =>
  new Intl.DateTimeFormat(language, {
    month: 'long',
    year: new Date(time).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric',
  }).format(time)

/** @param asOf year and month, `2025-09` */
export const yearAndMonth = (asOf: string, language: string) =>
  new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${asOf}-01`))

/** A date without its time, short. */
export const shortDay = (time: number, language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'short' }).format(time)

/** A date with its time, the month as a word. */
export const moment = (time: number, language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(time)

/** The time of day to the second. @param time milliseconds since 1970 */
export const clock = (time: number, language: string) =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(
    time,
  )

/** How long something short took: milliseconds, then seconds. */
export function milliseconds(value: number, language: string): string {
  const written = numbers(language, {
    style: 'unit',
    unitDisplay: 'short',
    unit: value < 1000 ? 'millisecond' : 'second',
    maximumFractionDigits: value < 1000 ? 0 : 1,
  } as Intl.NumberFormatOptions)
  return spaced(written.format(value < 1000 ? value : value / 1000))
}

/** A date with its time, short. */
export const shortMoment = (time: number, language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' }).format(time)
