import { halfBits, singleBits } from './half.ts'

/** The types of elements that are read and written. */
export type ElementType = 'F32' | 'F16' | 'BF16'

export const elementBytes: Readonly<Record<ElementType, number>> = { F32: 4, F16: 2, BF16: 2 }

/** Numbers of the types in GGUF (ggml.h, ggml_type). */
export const ggmlType: Readonly<Record<ElementType, number>> = { F32: 0, F16: 1, BF16: 30 }

/**
 * Converts elements, exactly where the type can hold them, otherwise to the nearest, ties to even.
 * @param bytes whole elements, beginning at the beginning of their ArrayBuffer
 * @returns `bytes` itself when there is nothing to do
 */
export function cast(bytes: Uint8Array, from: ElementType, to: ElementType): Uint8Array {
  return from === to ? bytes : fromSingles(toSingles(bytes, from), to)
}

/** Elements as the bits of F32. */
export function toSingles(bytes: Uint8Array, from: ElementType): Uint32Array {
  if (from === 'F32') return new Uint32Array(bytes.buffer, 0, bytes.length / 4)
  const halves = new Uint16Array(bytes.buffer, 0, bytes.length / 2)
  const singles = new Uint32Array(halves.length)
  if (from === 'BF16') for (let i = 0; i < halves.length; i++) singles[i] = halves[i]! << 16
  else for (let i = 0; i < halves.length; i++) singles[i] = singleBits(halves[i]!)
  return singles
}

export function fromSingles(singles: Uint32Array, to: ElementType): Uint8Array {
  if (to === 'F32') return new Uint8Array(singles.buffer, 0, singles.byteLength)
  const halves = new Uint16Array(singles.length)
  const narrow = to === 'BF16' ? brainBits : halfBits
  for (let i = 0; i < singles.length; i++) halves[i] = narrow(singles[i]!)
  return new Uint8Array(halves.buffer)
}

/** The bits of an F32 as those of the nearest BF16. */
function brainBits(single: number): number {
  const magnitude = single & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return (single >>> 16) | 0x40
  return (single + 0x7fff + ((single >>> 16) & 1)) >>> 16
}
