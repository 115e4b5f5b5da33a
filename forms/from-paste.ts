import { countFields, depthOf, type Field, type Json, type JsonObject, limits } from './field.ts'
import { fieldsFromExample } from './from-example.ts'
import { fieldsFromSchema } from './from-schema.ts'
import { PasteTrouble } from './paste-trouble.ts'
import { isObject } from './schema-reference.ts'
import { writtenNumber } from './written-number.ts'

/** Characters of what may be pasted. */
export const mostPasted = 500_000

/** What a form was made of. */
export interface Pasted {
  readonly from: 'schema' | 'example'
  readonly fields: Field[]
}

/**
 * A form from whatever a person has at hand: a JSON schema (bare, or as the APIs wrap it), an answer as JSON, a table
 * copied from a spreadsheet or saved as CSV, or lines of `name: value`.
 * @throws PasteTrouble
 */
export function fieldsFromPaste(pasted: string): Pasted {
  const text = pasted
    .trim()
    .replace(/^```\w*\n([\s\S]*?)\n?```$/, '$1')
    .trim()
  if (text.length > mostPasted) throw new PasteTrouble('too-large')
  const json = parsed(text)
  const { from, fields } = json === undefined ? fromText(text) : fromJson(json)
  if (countFields(fields) > limits.fields) throw new PasteTrouble('too-many')
  if (depthOf(fields) > limits.depth) throw new PasteTrouble('too-deep')
  return { from, fields }
}

function parsed(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new PasteTrouble('broken-json')
  }
}

function fromJson(json: Json): Pasted {
  const schema = isObject(json) ? unwrapped(json) : undefined
  if (schema) return { from: 'schema', fields: fieldsFromSchema(schema) }
  return { from: 'example', fields: fieldsFromExample(json) }
}

/** The schema in what OpenAI, Ollama and tools put around it; undefined when there is none. */
function unwrapped(json: JsonObject, depth = 0): JsonObject | undefined {
  if (looksLikeSchema(json)) return json
  for (const wrapper of ['schema', 'json_schema', 'format', 'response_format', 'parameters', 'function']) {
    const inside = Object.hasOwn(json, wrapper) ? json[wrapper] : undefined
    const found = isObject(inside) && depth < 4 ? unwrapped(inside, depth + 1) : undefined
    if (found) return found
  }
  return undefined
}

const types = new Set<unknown>(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])

function looksLikeSchema({
  $schema,
  $ref,
  type,
  properties,
  items,
  anyOf,
  oneOf,
  allOf,
  enum: values,
}: JsonObject): boolean {
  if (typeof $schema === 'string') return true
  if (type === 'object' || (type === undefined && isObject(properties)))
    return properties === undefined || isObject(properties)
  const says = [items, anyOf, oneOf, allOf, values].some(part => typeof part === 'object')
  return (types.has(type) && says) || (typeof $ref === 'string' && $ref.startsWith('#'))
}

function fromText(text: string): Pasted {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const example = tableOf(lines, '\t') ?? pairsOf(lines) ?? evenTableOf(lines)
  if (!example) throw new PasteTrouble('not-understood')
  return { from: 'example', fields: fieldsFromExample(example) }
}

/**
 * A table as a spreadsheet copies it, or saves it as CSV: names in the first line, tabs or other signs between cells.
 */
function tableOf(lines: readonly string[], separator: string): Json | undefined {
  const [names = [], ...rows] = lines.map(line => line.split(separator).map(cell => cell.trim()))
  if (names.length < 2 || names.some(name => name === '')) return undefined
  const samples = rows.map(cells =>
    Object.fromEntries(names.map((name, index) => [name, readValue(cells[index] ?? '')])),
  )
  return samples.length > 0 ? samples : [Object.fromEntries(names.map(name => [name, null]))]
}

/** A table with semicolons or commas, which stand in sentences, too: in one no line has more of them than another. */
function evenTableOf(lines: readonly string[]): Json | undefined {
  const even = (separator: string) => new Set(lines.map(line => line.split(separator).length)).size === 1
  const separator = lines.length > 1 ? [';', ','].find(sign => even(sign) && lines[0]?.includes(sign)) : undefined
  return separator === undefined ? undefined : tableOf(lines, separator)
}

/** Lines of `name: value`; a line that is none ends the guess. */
function pairsOf(lines: readonly string[]): Json | undefined {
  const pairs = lines.map(line => /^\s*[-*•]?\s*([^:：]{1,60}?)\s*[:：]\s*(.*)$/.exec(line))
  if (lines.length === 0 || pairs.some(pair => pair === null)) return undefined
  return Object.fromEntries(pairs.map(pair => [pair?.[1] ?? '', readValue(pair?.[2] ?? '')]))
}

/** What a person writes for a value. */
function readValue(text: string): Json {
  const value = text.trim()
  if (value === '') return null
  if (/^(true|yes|ja|是)$/i.test(value)) return true
  if (/^(false|no|nein|否)$/i.test(value)) return false
  // What kind it is matters here, not which: 1,234 is a number to everybody.
  const number = writtenNumber(value.replace(/^([+-]?[1-9]\d*),(\d+)$/, '$1.$2'))
  if (number !== undefined) return number
  // Days as they are written here and there; the form asks for them in one way.
  if (/^(\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)$/.test(value))
    return '2026-01-01'
  return value
}
