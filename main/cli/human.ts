/** Sizes and times as Ollama's command line prints them (upstream format/bytes.go and format/time.go). */

const byteUnits = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'KB'],
] as const

/** Bytes in decimal units: `2.0 GB`, `46 MB`, `512 B`; below ten with one decimal where there is one. */
export function humanBytes(bytes: number): string {
  for (const [size, unit] of byteUnits) {
    if (bytes < size) continue
    const value = bytes / size
    return `${value >= 10 || Number.isInteger(value) ? Math.trunc(value) : value.toFixed(1)} ${unit}`
  }
  return `${Math.trunc(bytes)} B`
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/**
 * How long ago, or in how long: `3 weeks ago`, `4 minutes from now`, `Forever`.
 * @param at a time as the API tells it; a text that is none gives `unknown`
 * @param now milliseconds since 1970
 */
export function humanTime(at: string, now: number, unknown: string): string {
  const time = Date.parse(at)
  // Go's zero time, the year 1, stands for none.
  if (Number.isNaN(time) || at.startsWith('0001-')) return unknown
  const seconds = (now - time) / 1000
  if (seconds < -20 * year) return 'Forever'
  return seconds < 0 ? `${humanDuration(-seconds)} from now` : `${humanDuration(seconds)} ago`
}

function humanDuration(duration: number): string {
  const seconds = Math.trunc(duration)
  if (seconds < 1) return 'Less than a second'
  if (seconds === 1) return '1 second'
  if (seconds < minute) return `${seconds} seconds`
  const minutes = Math.trunc(duration / minute)
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  const hours = Math.round(duration / hour)
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`
  return `${Math.trunc(duration / year)} years`
}
