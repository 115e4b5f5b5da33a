import { wellFormed } from './quote.ts'
import { asSlice, compareBytes, GoMap, type GoValue, isSlice } from './values.ts'

const escapes: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** A string as Go's encoding/json writes it: HTML characters escaped, broken surrogates replaced. */
export function jsonString(text: string): string {
  return JSON.stringify(wellFormed(text)).replace(/[<>&\u2028\u2029]/g, character => escapes[character]!)
}

/** Go's json.Marshal of a value: map keys sorted, struct fields in their order. */
export function marshal(value: GoValue): string {
  if (value === undefined || value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return jsonString(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return JSON.stringify(value)
  }
  if (isSlice(value)) {
    const slice = asSlice(value)
    return slice.shape.json?.() ?? `[${slice.items().map(marshal).join(',')}]`
  }
  if (value instanceof GoMap) return value.shape.json?.() ?? object(value.sorted())
  return value.shape.json?.() ?? object([...value.fields])
}

function object(entries: readonly (readonly [string, GoValue])[]): string {
  return `{${entries.map(([key, value]) => `${jsonString(key)}:${marshal(value)}`).join(',')}}`
}

/**
 * Ordered JSON of a plain JavaScript value in Go's spelling; `undefined` members are left out.
 * @param sortKeys sort the keys of every object, as Go does for maps
 */
export function marshalPlain(value: unknown, sortKeys = false): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return jsonString(value)
  if (Array.isArray(value)) return `[${value.map(item => marshalPlain(item, sortKeys)).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).filter(key => (value as Record<string, unknown>)[key] !== undefined)
  if (sortKeys) keys.sort(compareBytes)
  const members = keys.map(
    key => `${jsonString(key)}:${marshalPlain((value as Record<string, unknown>)[key], sortKeys)}`,
  )
  return `{${members.join(',')}}`
}
