import { codePoints } from './code-points.ts'
import { decimalOf, scaled } from './decimal.ts'
import { type Language, type Languages, UnsupportedLanguage } from './language.ts'

export interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

export interface NumberLimits {
  readonly minimum?: Bound
  readonly maximum?: Bound
  readonly multipleOf: readonly number[]
}

/** Digits behind the point at most, as in llama.cpp's own number rule. */
const maxPlaces = 16
/** Doubles tell any two numbers of this many digits apart. */
const exactDigits = 15
const largestWhole = BigInt(Number.MAX_SAFE_INTEGER)
const defaultWhole = 10n ** BigInt(exactDigits) - 1n
const maxDivisor = 1000n

const digit = codePoints([0x30, 0x39])

/**
 * JSON texts, without exponents, of the numbers within the limits; a double read back from one keeps the limits too.
 * @throws UnsupportedLanguage when the limits lie where doubles no longer count whole numbers, or a divisor is too long
 */
export function numberLanguage(languages: Languages, limits: NumberLimits, whole: boolean): Language {
  const { minimum, maximum, multipleOf } = limits
  const divisors = multipleOf.map(decimalOf)
  if (divisors.some(({ digits }) => digits > maxDivisor)) {
    throw new UnsupportedLanguage(`"multipleOf" with more than ${maxDivisor} steps to a round number is not supported`)
  }
  const places = whole ? 0 : Math.min(placesFor(minimum), placesFor(maximum), ...divisors.map(({ places }) => places))
  const unit = 10n ** BigInt(places)
  const low = minimum && scaled(minimum.value, places, minimum.exclusive ? 'down' : 'up')
  const high = maximum && scaled(maximum.value, places, maximum.exclusive ? 'up' : 'down')
  const farthest = largestWhole * unit
  const from = low === undefined ? -defaultWhole * unit : minimum?.exclusive ? low + 1n : low
  const to = high === undefined ? defaultWhole * unit : maximum?.exclusive ? high - 1n : high
  if (from > farthest || to < -farthest) {
    throw new UnsupportedLanguage('numbers beyond 2^53 - 1 on either side are not supported')
  }
  // A bound beyond the default range on one side leaves only the far end of exact numbers on the other.
  const first = clamp(low === undefined && to < from ? -farthest : from, farthest)
  const last = clamp(high === undefined && to < from ? farthest : to, farthest)
  return languages.and(
    between(languages, first, last, places),
    ...divisors.map(divisor => languages.multiplesOf(Number(divisor.digits), divisor.places)),
  )
}

/** An exclusive bound must not be met by rounding: fewer places keep every text exact. */
function placesFor(bound: Bound | undefined): number {
  if (!bound?.exclusive) return maxPlaces
  const whole = scaled(Math.abs(bound.value), 0, 'down').toString().length
  return Math.max(0, exactDigits - whole)
}

function clamp(value: bigint, farthest: bigint): bigint {
  return value < -farthest ? -farthest : value > farthest ? farthest : value
}

/** Numbers whose value times 10^places lies within [first, last]. */
function between(languages: Languages, first: bigint, last: bigint, places: number): Language {
  const parts: Language[] = []
  if (first > last) return languages.none
  if (last >= 0n) parts.push(magnitudes(languages, first > 0n ? first : 0n, last, places))
  if (first < 0n) {
    const smallest = last < 0n ? -last : 1n
    parts.push(languages.sequence(languages.text('-'), magnitudes(languages, smallest, -first, places)))
  }
  return languages.or(...parts)
}

function magnitudes(languages: Languages, first: bigint, last: bigint, places: number): Language {
  const unit = 10n ** BigInt(places)
  const low = { whole: first / unit, fraction: first % unit }
  const high = { whole: last / unit, fraction: last % unit }
  const joined = (whole: Language, from: bigint, to: bigint): Language =>
    languages.sequence(whole, fractions(languages, from, to, places))
  const lowText = languages.text(low.whole.toString())
  if (low.whole === high.whole) return joined(lowText, low.fraction, high.fraction)
  return languages.or(
    joined(lowText, low.fraction, unit - 1n),
    joined(wholes(languages, low.whole + 1n, high.whole - 1n), 0n, unit - 1n),
    joined(languages.text(high.whole.toString()), 0n, high.fraction),
  )
}

/** Whole numbers without leading zeros. */
function wholes(languages: Languages, first: bigint, last: bigint): Language {
  const parts: Language[] = []
  for (let from = first; from <= last; ) {
    const length = from.toString().length
    const to = 10n ** BigInt(length) - 1n
    parts.push(digitStrings(languages, from.toString(), (to < last ? to : last).toString(), true))
    from = to + 1n
  }
  return languages.or(...parts)
}

/** What may follow the whole part: a point and digits, or nothing when that means a zero that is allowed. */
function fractions(languages: Languages, first: bigint, last: bigint, places: number): Language {
  if (places === 0) return languages.empty
  const low = first.toString().padStart(places, '0')
  const high = last.toString().padStart(places, '0')
  const digits = digitStrings(languages, low, high, false)
  const some = languages.and(digits, languages.repeat(languages.chars(digit), 1, places))
  return languages.or(first === 0n ? languages.empty : languages.none, languages.sequence(languages.text('.'), some))
}

/**
 * Digit strings between two of equal length, compared from the left. Unless they must be complete, missing digits at
 * the end count as zeros.
 */
function digitStrings(languages: Languages, low: string, high: string, complete: boolean): Language {
  const rest = (at: number, onLow: boolean, onHigh: boolean): Language => {
    const left = low.length - at
    if (!onLow && !onHigh) return languages.repeat(languages.chars(digit), complete ? left : 0, left)
    if (left === 0) return languages.empty
    const from = onLow ? Number(low[at]) : 0
    const to = onHigh ? Number(high[at]) : 9
    const parts: Language[] = []
    const step = (first: number, last: number, stillLow: boolean, stillHigh: boolean): void => {
      if (first > last) return
      const digits = languages.chars(codePoints([0x30 + first, 0x30 + last]))
      parts.push(languages.sequence(digits, rest(at + 1, stillLow, stillHigh)))
    }
    if (from === to) step(from, to, onLow, onHigh)
    else {
      step(from, onLow ? from : from - 1, true, false)
      step(onLow ? from + 1 : from, onHigh ? to - 1 : to, false, false)
      step(onHigh ? to : to + 1, to, false, true)
    }
    if (!complete && (!onLow || /^0*$/.test(low.slice(at)))) parts.push(languages.empty)
    return languages.or(...parts)
  }
  return rest(0, true, true)
}
