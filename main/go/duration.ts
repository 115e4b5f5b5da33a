const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
}

/** The largest duration Go can hold, in milliseconds (2^63 - 1 nanoseconds): about 292 years. */
export const largestGoDuration = 9_223_372_036_854.775

/**
 * A duration in Go's notation, such as `10m`, `1h30m`, `-1.5s` or `0`, in milliseconds.
 * @throws Error with the text of Go's time.ParseDuration, e.g. `time: missing unit in duration "5"`
 */
export function parseGoDuration(text: string): number {
  const invalid = () => new Error(`time: invalid duration ${quoted(text)}`)
  let rest = text
  const negative = rest.startsWith('-')
  if (/^[+-]/.test(rest)) rest = rest.slice(1)
  if (rest === '0') return 0
  if (rest === '') throw invalid()
  let total = 0
  while (rest !== '') {
    const number = /^(\d+(?:\.\d*)?|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) throw invalid()
    rest = rest.slice(number.length)
    const unit = /^[^.\d]+/.exec(rest)?.[0]
    if (unit === undefined) throw new Error(`time: missing unit in duration ${quoted(text)}`)
    rest = rest.slice(unit.length)
    if (!Object.hasOwn(unitMilliseconds, unit)) {
      throw new Error(`time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`)
    }
    total += Number(number) * unitMilliseconds[unit]!
    if (total > largestGoDuration) throw invalid()
  }
  return negative ? -total : total
}

/** In quotes as Go's time package has them: what is no printable ASCII byte by byte. */
function quoted(text: string): string {
  let out = ''
  for (const byte of Buffer.from(text)) {
    if (byte === 0x22 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`
    else if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`
    else out += String.fromCharCode(byte)
  }
  return `"${out}"`
}

/** A duration as Go prints it: `1m2.5s`, `350.2ms`, `4µs`, `0s`. @param nanoseconds whole, not negative */
export function formatGoDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e3) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`
  const whole = Math.floor(nanoseconds / 1e9)
  const fraction = String(nanoseconds % 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const seconds = `${whole % 60}${fraction && `.${fraction}`}s`
  const minutes = Math.floor(whole / 60)
  if (minutes === 0) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}
