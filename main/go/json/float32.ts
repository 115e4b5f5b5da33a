/** Powers of ten that a double holds exactly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/**
 * The number whose shortest decimal text is also that of a 32-bit float, as Go prints one: 0.1 for what a double would
 * show as 0.10000000149011612. Vectors are half as long that way.
 * @param float a finite 32-bit float
 */
export function shortFloat32(float: number): number {
  const magnitude = Math.abs(float)
  // Whole numbers, halves and quarters are short already; what is smaller cannot be scaled exactly.
  if (magnitude >= 1e5 || magnitude < 1e-10) return float
  let scale = powersOfTen[5 - Math.floor(Math.log10(magnitude))]!
  // Six digits are always true to a 32-bit float, nine always tell it from its neighbours.
  for (let digits = 6; digits < 9; digits++) {
    const short = Math.round(float * scale) / scale
    if (Math.fround(short) === float) return short
    scale *= 10
  }
  return Math.round(float * scale) / scale
}
