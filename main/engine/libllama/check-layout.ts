import koffi from 'koffi'

/** Room for members that a later llama.cpp may add behind those known here: they keep the defaults it gave them. */
export const laterMembers = koffi.array('uint8', 256, 'Typed')

/**
 * Compares a structure of defaults, as llama.cpp fills it, with what is expected in its members. In a library whose
 * structure has another shape they lie elsewhere, and a call with it would read or write over memory: then there is
 * none.
 * @throws Error naming the members that differ
 */
export function checkLayout<T extends object>(what: string, defaults: T, expected: Partial<T>): void {
  const odd = (Object.keys(expected) as (keyof T)[]).filter(name => defaults[name] !== expected[name])
  if (odd.length > 0) throw new Error(`libllama has other ${what} than expected: ${odd.join(', ')}`)
}
