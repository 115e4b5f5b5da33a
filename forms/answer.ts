import type { Field, Json, JsonObject, Shape } from './field.ts'

/** An answer for a form that a person fills: what is null is missing there. */
export function toInput(answer: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(answer).flatMap(([key, value]) => (value === null ? [] : [[key, inputValue(value)]])),
  )
}

function inputValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(inputValue)
  return typeof value === 'object' && value !== null ? toInput(value as JsonObject) : value
}

/**
 * The other way: what a person left out stands as null, or as an empty list, as a model would have written it. What the
 * form no longer asks for stays as it was.
 * @param before the answer it was made from
 */
export function toAnswer(input: JsonObject, fields: readonly Field[], before: JsonObject | null): JsonObject {
  const known = new Set(fields.map(({ key }) => key))
  const old = Object.entries(before ?? {}).filter(([key]) => !known.has(key))
  const own = fields.map(({ key, shape }) => [
    key,
    answerValue(Object.hasOwn(input, key) ? input[key] : undefined, shape),
  ])
  return Object.fromEntries([...own, ...old]) as JsonObject
}

function answerValue(value: Json | undefined, shape: Shape): Json {
  if (shape.kind === 'list') {
    return Array.isArray(value) ? value.map((item: Json) => answerValue(item, shape.item)) : []
  }
  if (value === undefined) return null
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return shape.kind === 'group' && isObject ? toAnswer(value as JsonObject, shape.fields, null) : value
}
