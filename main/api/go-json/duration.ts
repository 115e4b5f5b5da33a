import { Problem } from '../../problem.ts'

const nanosecondsPer: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** Go's longest duration, 2^63 - 1 nanoseconds: about 292 years. */
export const maxDuration = 2 ** 63

/**
 * A Go duration such as `1h30m`, `-1.5s` or `0`, in nanoseconds (Go time.ParseDuration).
 * @throws Problem 400 with Go's words: `time: missing unit in duration "5"`, `time: unknown unit "x" in duration "5x"`,
 * `time: invalid duration "abc"`
 */
export function parseDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  let rest = /^[+-]/.test(text) ? text.slice(1) : text
  if (rest === '0') return 0
  if (rest === '') throw bad(`invalid duration ${quoteGo(text)}`)
  let total = 0
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) throw bad(`invalid duration ${quoteGo(text)}`)
    rest = rest.slice(number.length)
    const unit = /^[^.\d]*/.exec(rest)![0]
    if (unit === '') throw bad(`missing unit in duration ${quoteGo(text)}`)
    rest = rest.slice(unit.length)
    if (!Object.hasOwn(nanosecondsPer, unit)) throw bad(`unknown unit ${quoteGo(unit)} in duration ${quoteGo(text)}`)
    total += Number(number) * nanosecondsPer[unit]!
    if (total > maxDuration) throw bad(`invalid duration ${quoteGo(text)}`)
  }
  return sign * Math.floor(total)
}

/** A string in quotes as Go's time package prints it: what is not printable ASCII byte by byte. */
function quoteGo(text: string): string {
  let out = ''
  for (const byte of Buffer.from(text)) {
    if (byte === 0x22 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`
    else if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`
    else out += String.fromCharCode(byte)
  }
  return `"${out}"`
}

const bad = (message: string): Problem => new Problem('invalid-request', 400, `time: ${message}`)
