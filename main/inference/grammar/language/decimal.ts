/** A finite number as an integer and the count of its decimal places: 1.25 is 125 with 2, 1e21 is 10^21 with 0. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

/** The decimal number that a double is written as; exact, without the double's binary tail. */
export function decimalOf(value: number): Decimal {
  const [mantissa, exponent = '0'] = value.toString().split('e')
  const [whole, fraction = ''] = mantissa!.split('.')
  const digits = BigInt(whole! + fraction)
  const places = fraction.length - Number(exponent)
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 }
}

/** `value` times 10^`places`, rounded up or down to an integer. */
export function scaled(value: number, places: number, round: 'up' | 'down'): bigint {
  const decimal = decimalOf(value)
  if (decimal.places <= places) return decimal.digits * 10n ** BigInt(places - decimal.places)
  const divisor = 10n ** BigInt(decimal.places - places)
  const quotient = decimal.digits / divisor
  const rest = decimal.digits % divisor
  if (rest === 0n) return quotient
  if (round === 'up') return rest > 0n ? quotient + 1n : quotient
  return rest < 0n ? quotient - 1n : quotient
}

/** Whether `value` is a whole multiple of `of`, counted in decimals as people do, not in binary fractions. */
export function isMultiple(value: number, of: number): boolean {
  const a = decimalOf(value)
  const b = decimalOf(of)
  const places = Math.max(a.places, b.places)
  return (a.digits * 10n ** BigInt(places - a.places)) % (b.digits * 10n ** BigInt(places - b.places)) === 0n
}
