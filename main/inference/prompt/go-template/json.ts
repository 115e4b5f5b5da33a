import { goJson } from '../../../go/text.ts'
import { wellFormed } from './quote.ts'
import { asSlice, GoMap, type GoValue, isSlice } from './values.ts'

/** Go's json.Marshal of a value: HTML characters escaped, map keys sorted, struct fields in their order. */
export function marshal(value: GoValue): string {
  if (value === undefined || value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return goJson(wellFormed(value))
    case 'bigint':
      return String(value)
    case 'boolean':
    case 'number':
      return goJson(value)
  }
  if (isSlice(value)) {
    const slice = asSlice(value)
    return slice.shape.json?.() ?? `[${slice.items().map(marshal).join(',')}]`
  }
  return value.shape.json?.() ?? object(value instanceof GoMap ? value.sorted() : [...value.fields])
}

function object(entries: readonly (readonly [string, GoValue])[]): string {
  return `{${entries.map(([key, value]) => `${marshal(key)}:${marshal(value)}`).join(',')}}`
}
