import { type Field, innerFields, type Json, type JsonObject, type Shape } from './field.ts'

/** An answer for a form that a person fills: what is null is missing there, and what no field asks for. */
export function toInput(answer: JsonObject, fields: readonly Field[]): JsonObject {
  const shapes = new Map(fields.map(({ key, shape }) => [key, shape]))
  return Object.fromEntries(
    Object.entries(answer).flatMap(([key, value]) => {
      const shape = shapes.get(key)
      return shape === undefined || value === null ? [] : [[key, inputValue(value, shape)]]
    }),
  )
}

function inputValue(value: Json, shape: Shape): Json {
  if (shape.kind === 'list' && isList(value)) return value.map(item => inputValue(item, shape.item))
  return shape.kind === 'group' && isObject(value) ? toInput(value, shape.fields) : value
}

/**
 * The other way: what a person left out stands as null, or as an empty list, as a model would have written it. What the
 * form no longer asks for stays as it was, inside groups and the items of lists as well.
 * @param before the answer it was made from
 */
export function toAnswer(input: JsonObject, fields: readonly Field[], before: JsonObject | null): JsonObject {
  const known = new Set(fields.map(({ key }) => key))
  const old = Object.entries(before ?? {}).filter(([key]) => !known.has(key))
  const own = fields.map(({ key, shape }) => [key, answerValue(memberOf(input, key), shape, memberOf(before, key))])
  return Object.fromEntries([...own, ...old]) as JsonObject
}

function answerValue(value: Json | undefined, shape: Shape, before: Json | undefined): Json {
  if (shape.kind === 'list') {
    const { item } = shape
    if (!isList(value)) return []
    const old = itemsBefore(value, item, isList(before) ? before : [])
    return value.map((one, index) => answerValue(one, item, old[index]))
  }
  if (value === undefined) return null
  if (shape.kind !== 'group' || !isObject(value)) return value
  return toAnswer(value, shape.fields, isObject(before) ? before : null)
}

/**
 * For each item of a list the one it was before: the one that reads the same; of the others the one in its place,
 * unless the list has become shorter, when nobody knows which is which.
 */
function itemsBefore(items: readonly Json[], shape: Shape, before: readonly Json[]): readonly (Json | undefined)[] {
  if (innerFields(shape).length === 0) return []
  const left = new Map(before.entries())
  const shown = before.map(item => JSON.stringify(inputValue(item, shape)))
  const same = items.map(item => {
    const text = JSON.stringify(item)
    const index = [...left.keys()].find(index => shown[index] === text)
    if (index === undefined) return undefined
    left.delete(index)
    return before[index]
  })
  return items.length < before.length ? same : same.map((item, index) => item ?? left.get(index))
}

/** Its own member alone: `constructor` is everywhere. */
const memberOf = (object: JsonObject | null, key: string): Json | undefined =>
  object && Object.hasOwn(object, key) ? object[key] : undefined

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
