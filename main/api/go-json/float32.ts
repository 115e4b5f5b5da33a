/** Digits that always tell a 32-bit float from its neighbours. */
const mostDigits = 9

/**
 * The number whose shortest decimal text is also that of a 32-bit float, as Go prints one: 0.1 for what a double would
 * show as 0.10000000149011612. Vectors are half as long that way.
 * @param float a finite 32-bit float
 */
export function shortFloat32(float: number): number {
  const magnitude = Math.abs(float)
  // Whole numbers, and what a power of ten can no longer scale exactly.
  if (Number.isInteger(float) || magnitude < 1e-10) return float
  const exponent = Math.floor(Math.log10(magnitude))
  for (let digits = 6; digits < mostDigits; digits++) {
    const scale = 10 ** (digits - 1 - exponent)
    const short = Math.round(float * scale) / scale
    if (Math.fround(short) === float) return short
  }
  return Number(float.toPrecision(mostDigits))
}
