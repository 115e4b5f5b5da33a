import type { Kept } from './about.ts'

const day = 24 * 60 * 60 * 1_000
/** All of the last day are kept, up to so many: going back can be undone, and that again. */
const mostOfLastDay = 12
const days = 7
const weeks = 4

/**
 * Which backups are worth their space: those of the last day, the newest of each of seven days and of four weeks that
 * have any, and the newest from before an update; of these as many as the limit has room for, and always the newest
 * two.
 * @param kept the newest first
 * @param now milliseconds since 1970
 * @param limit bytes
 * @returns those to remove
 */
export function outlived(kept: readonly Kept[], now: number, limit: number): Kept[] {
  const wanted = new Set([
    ...kept.filter(({ at }) => now - at < day).slice(0, mostOfLastDay),
    ...newestOfEach(kept, dayOf).slice(0, days),
    ...newestOfEach(kept, weekOf).slice(0, weeks),
    ...kept.filter(({ reason }) => reason === 'migration').slice(0, 1),
  ])
  let left = limit
  return kept.filter((backup, index) => {
    if (index >= 2 && !wanted.has(backup)) return true
    left -= backup.bytes
    return index >= 2 && left < 0
  })
}

/** The first of each period, in the order given. */
function newestOfEach(kept: readonly Kept[], periodOf: (at: number) => string): Kept[] {
  const newest = new Map<string, Kept>()
  for (const backup of kept) {
    const period = periodOf(backup.at)
    if (!newest.has(period)) newest.set(period, backup)
  }
  return [...newest.values()]
}

/** The person's own day, e.g. 2026-3-1. */
export function dayOf(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** The day a week began on, which is Monday. */
function weekOf(at: number): string {
  const date = new Date(at)
  date.setDate(date.getDate() - ((date.getDay() + 6) % 7))
  return dayOf(date.getTime())
}
