import type { Json, JsonObject } from './field.ts'
import { PasteTrouble } from './paste-trouble.ts'

/** Parts looked at in one schema: references that multiply each other end here. */
const mostParts = 5_000

/** A part of a schema document, with what it refers to read. */
export class SchemaDocument {
  readonly #root: JsonObject
  #looked = 0

  constructor(root: JsonObject) {
    this.#root = root
  }

  /**
   * A part with its `$ref` followed; what stands beside the reference counts too (draft 2019-09).
   * @param within references that led here
   * @throws PasteTrouble recursive, missing-part, too-many
   */
  resolved(
    part: JsonObject,
    place: string,
    within: readonly string[],
  ): { schema: JsonObject; within: readonly string[] } {
    this.#looked += 1
    if (this.#looked > mostParts) throw new PasteTrouble('too-many', place)
    const { $ref: reference, ...beside } = part
    if (typeof reference !== 'string') return { schema: part, within }
    if (within.includes(reference)) throw new PasteTrouble('recursive', place)
    const followed = this.resolved(this.#at(reference, place), place, [...within, reference])
    return { schema: { ...followed.schema, ...beside }, within: followed.within }
  }

  /** A part as it stands alone, all its references followed. @throws PasteTrouble as `resolved` */
  inlined(part: Json, place: string, within: readonly string[]): Json {
    if (Array.isArray(part)) return part.map((item, index) => this.inlined(item, `${place}/${index}`, within))
    if (!isObject(part)) return part
    const { schema, within: inside } = this.resolved(part, place, within)
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, this.inlined(value, `${place}/${key}`, inside)]),
    )
  }

  #at(reference: string, place: string): JsonObject {
    if (reference !== '#' && !reference.startsWith('#/')) throw new PasteTrouble('missing-part', place)
    let found: Json | undefined = this.#root
    for (const step of reference.split('/').slice(1)) {
      const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
      found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
    }
    if (!isObject(found)) throw new PasteTrouble('missing-part', place)
    return found
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
