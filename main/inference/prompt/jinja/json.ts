import { JinjaError } from './error.ts'
import { type DictKey, Float, reprFloat, sequence, str, typeName, type Value } from './values.ts'

export interface JsonOptions {
  readonly ensureAscii: boolean
  /** Blanks for each level; undefined writes one line. */
  readonly indent?: string
  readonly separators?: readonly [item: string, key: string]
  readonly sortKeys: boolean
}

/** Python's json.dumps. @throws JinjaError for what JSON cannot hold */
export function dumps(value: Value, options: JsonOptions): string {
  const [itemSeparator, keySeparator] = options.separators ?? [options.indent === undefined ? ', ' : ',', ': ']
  const string = (text: string): string => {
    const json = JSON.stringify(text)
    if (!options.ensureAscii) return json
    return json.replace(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  }
  const block = (open: string, parts: readonly string[], close: string, depth: number): string => {
    if (parts.length === 0) return open + close
    if (options.indent === undefined) return open + parts.join(itemSeparator) + close
    const line = `\n${options.indent.repeat(depth + 1)}`
    return `${open}${line}${parts.join(itemSeparator + line)}\n${options.indent.repeat(depth)}${close}`
  }
  const write = (item: Value, depth: number): string => {
    if (item === null) return 'null'
    if (typeof item === 'string') return string(item)
    if (typeof item === 'boolean' || typeof item === 'number') return String(item)
    if (item instanceof Float) return jsonFloat(item.value)
    const items = sequence(item)
    if (items)
      return block(
        '[',
        items.map(part => write(part, depth + 1)),
        ']',
        depth,
      )
    if (!(item instanceof Map)) throw new JinjaError(`Object of type ${typeNameInJson(item)} is not JSON serializable`)
    const entries = [...item].map(([key, part]): [string, Value] => [jsonKey(key), part])
    if (options.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return block(
      '{',
      entries.map(([key, part]) => string(key) + keySeparator + write(part, depth + 1)),
      '}',
      depth,
    )
  }
  return write(value, 0)
}

function typeNameInJson(value: Value): string {
  const name = typeName(value)
  return name === 'undefined' ? 'Undefined' : name
}

function jsonKey(key: DictKey): string {
  if (key === null) return 'null'
  return typeof key === 'boolean' ? String(key) : str(key)
}

function jsonFloat(value: number): string {
  const names: Record<string, string> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }
  const text = reprFloat(value)
  return names[text] ?? text
}
