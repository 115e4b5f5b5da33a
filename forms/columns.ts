import { type Field, fieldName, type Json, type JsonObject, type Shape } from './field.ts'

/** A column of the table of a form's answers. */
export interface Column {
  /** Where its value lies in an answer. */
  readonly keys: readonly string[]
  /** Names of the groups it lies in come before its own. */
  readonly name: string
  readonly shape: Shape
}

/** A column for each field, those of groups in their place; a list is one column. */
export function columnsOf(fields: readonly Field[]): Column[] {
  return fields.flatMap(field => {
    const { key, shape } = field
    const name = fieldName(field)
    if (shape.kind !== 'group') return [{ keys: [key], name, shape }]
    return columnsOf(shape.fields).map(inner => ({
      keys: [key, ...inner.keys],
      name: `${name} / ${inner.name}`,
      shape: inner.shape,
    }))
  })
}

/** The value an answer has there; undefined for none. Its own keys alone: `constructor` is everywhere. */
export function valueAt(answer: JsonObject | null, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = answer ?? undefined
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as JsonObject)[key]
  }
  return value ?? undefined
}

/** A value as one line of text; a list's items after each other. */
export function plainText(value: Json | undefined, shape: Shape, words: { yes: string; no: string }): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (Array.isArray(value) && shape.kind === 'list') {
    return value.map(item => plainText(item, shape.item, words)).join('; ')
  }
  if (typeof value === 'object' && shape.kind === 'group') {
    const parts = columnsOf(shape.fields).map(column => {
      const text = plainText(valueAt(value as JsonObject, column.keys), column.shape, words)
      return text === '' ? '' : `${column.name}: ${text}`
    })
    return parts.filter(part => part !== '').join(', ')
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
