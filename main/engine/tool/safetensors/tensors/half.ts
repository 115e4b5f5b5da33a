/** Half precision by its bits: Node 20 has no Float16Array. */

const scratch = new Float32Array(1)
const scratchBits = new Uint32Array(scratch.buffer)

/** The bits of an F32 as those of the nearest F16, ties to even. */
export function halfBits(single: number): number {
  const sign = (single >>> 16) & 0x8000
  const magnitude = single & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00
  // From 65520 on the nearest is infinity.
  if (magnitude >= 0x477f_f000) return sign | 0x7c00
  if (magnitude >= 0x3880_0000) return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  // Below 2^-14 an F16 counts in steps of 2^-24, as an F32 does between 0.5 and 1: the addition rounds.
  scratchBits[0] = magnitude
  scratch[0]! += 0.5
  return sign | (scratchBits[0]! - 0x3f00_0000)
}

/** The bits of the F32 that equals an F16. */
export function singleBits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return (sign | 0x7f80_0000 | (fraction << 13)) >>> 0
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0
  scratch[0] = fraction * 2 ** -24
  return (sign | scratchBits[0]!) >>> 0
}
