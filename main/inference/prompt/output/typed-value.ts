import { isObject, tryJson } from './json-scanner.ts'

const integer = /^[+-]?\d+$/
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * An argument that was written as plain text, by the types its tool declares: JSON where one of them wants it, else
 * the text itself (upstream model/parsers/qwen3coder.go).
 * @param types the declared types; none means text, or null
 */
export function typedValue(text: string, types: readonly string[]): unknown {
  const value = text.trim()
  if (value.toLowerCase() === 'null' && (types.includes('null') || !types.includes('string'))) return null
  if (types.length === 0) return text
  for (const type of types) {
    const read = readers[type]?.(value)
    if (read !== undefined) return read
  }
  return text
}

/** As `typedValue`, but a tool that declares nothing gets JSON where the text is JSON. */
export function looseValue(text: string, types: readonly string[]): unknown {
  if (types.length > 0) return typedValue(text, types)
  return tryJson(text.trim()) ?? typedValue(text, types)
}

const readers: Record<string, (text: string) => unknown> = {
  boolean: text => ({ true: true, false: false })[text.toLowerCase()],
  integer: text => (integer.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  number: text => (decimal.test(text) ? Number(text) : undefined),
  array: text => {
    const value = tryJson(text)
    return Array.isArray(value) ? value : undefined
  },
  object: text => {
    const value = tryJson(text)
    return isObject(value) ? value : undefined
  },
}
