import { setImmediate } from 'node:timers/promises'
import { shortFloat32 } from '../go/json/float32.ts'
import { goJson } from '../go/text.ts'

/** Milliseconds after which others get their turn. */
const patience = 10

/** A vector as JSON lists it, with no more digits than 32-bit floats have. */
export const vectorJson = (vector: Float32Array): string => `[${Array.from(vector, shortFloat32).join()}]`

/**
 * A JSON object with a list of one item for each vector between its other keys. Thousands of vectors take long to
 * write: others get their turn in between.
 * @param before what stands before the list, at least one key
 * @param write one item as JSON text
 * @param after what stands behind it; keys that are undefined are left out
 */
export async function jsonWithVectors(
  before: object,
  key: string,
  vectors: readonly Float32Array[],
  write: (vector: Float32Array, index: number) => string,
  after: object,
): Promise<string> {
  const items: string[] = []
  let since = performance.now()
  for (const [index, vector] of vectors.entries()) {
    items.push(write(vector, index))
    if (performance.now() - since < patience) continue
    await setImmediate()
    since = performance.now()
  }
  const rest = goJson(after)
  const end = rest === '{}' ? '}' : `,${rest.slice(1)}`
  return `${goJson(before).slice(0, -1)},"${key}":[${items.join()}]${end}`
}
