/**
 * A moment as Go prints a time.Time in JSON: RFC 3339, up to nine digits after the second, none when they are zero.
 * @param nanoseconds since 1970
 * @param local in this machine's zone with its offset, instead of UTC with `Z`
 */
export function goTime(nanoseconds: bigint, local = false): string {
  const seconds = Number(nanoseconds / 1_000_000_000n)
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '')
  const offset = local ? -new Date(seconds * 1000).getTimezoneOffset() : 0
  const clock = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19)
  return clock + (fraction && `.${fraction}`) + zone(offset)
}

/** A Date as {@link goTime} prints it, in this machine's zone. */
export const goLocalTime = (date: Date): string => goTime(BigInt(date.getTime()) * 1_000_000n, true)

function zone(minutes: number): string {
  if (minutes === 0) return 'Z'
  const part = (value: number): string => Math.trunc(value).toString().padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`
}

/** Milliseconds since 1970 at which the monotonic clock stood at zero. */
let anchor = 0

/**
 * Nanoseconds since 1970, as fine as the platform's clock is. The monotonic clock gives the digits below the
 * millisecond; it is set anew when it strays from the wall clock (a corrected clock, a computer that slept). It is read
 * on both sides of the wall clock: a process that had to wait in between has not strayed.
 */
export function wallClock(): bigint {
  const before = performance.now()
  const wall = Date.now()
  const after = performance.now()
  if (anchor + after < wall - 2 || anchor + before > wall + 2) anchor = wall - after
  return BigInt(Math.round((anchor + after) * 1e3)) * 1_000n
}
