import type { Field, Json, JsonObject, Shape } from '../../../../forms/field.ts'

/** Stands before every key on the page. */
const mark = '='

/**
 * A field's key as the page has it. What draws a form reads members that every object has, such as `constructor`, as
 * values, never comes to `__proto__`, and keeps words of its own beside the keys.
 */
export const drawnKey = (key: string): string => `${mark}${key}`

/** An answer with the keys of the page. */
export const toDrawn = (answer: JsonObject, fields: readonly Field[]): JsonObject =>
  rekeyed(answer, fields, key => [key, drawnKey(key)])

/** What the page makes of it, with the fields' own keys. */
export const fromDrawn = (drawn: JsonObject, fields: readonly Field[]): JsonObject =>
  rekeyed(drawn, fields, key => [drawnKey(key), key])

type Keys = (key: string) => readonly [before: string, after: string]

/** Values that fields do not say keep the keys inside them. */
function rekeyed(object: JsonObject, fields: readonly Field[], keys: Keys): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ key, shape }) => {
      const [before, after] = keys(key)
      return Object.hasOwn(object, before) ? [[after, value(object[before] as Json, shape, keys)]] : []
    }),
  )
}

function value(given: Json, shape: Shape, keys: Keys): Json {
  if (typeof given !== 'object' || given === null) return given
  if (shape.kind === 'list' && Array.isArray(given)) return given.map(item => value(item, shape.item, keys))
  return shape.kind === 'group' && !Array.isArray(given) ? rekeyed(given as JsonObject, shape.fields, keys) : given
}
