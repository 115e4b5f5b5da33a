import type { FoundCall } from '../format.ts'
import { isObject, tryJson } from '../json-scanner.ts'

const nameKeys = ['name', 'tool_name', 'function_name']
const argumentKeys = ['arguments', 'parameters', 'args']

/**
 * Calls written as JSON: one object or a list of them, `{"name": …, "arguments": …}` or with the keys other families
 * use. Undefined when the value is no call.
 */
export function callsFromJson(value: unknown): FoundCall[] | undefined {
  if (Array.isArray(value)) {
    const calls = value.map(callFromJson)
    return calls.length > 0 && calls.every(call => call !== undefined) ? (calls as FoundCall[]) : undefined
  }
  const call = callFromJson(value)
  return call && [call]
}

function callFromJson(value: unknown): FoundCall | undefined {
  if (!isObject(value)) return undefined
  // OpenAI's own form: {"type": "function", "function": {"name": …}}
  if (isObject(value.function)) return callFromJson(value.function)
  const name = nameKeys.map(key => value[key]).find(candidate => typeof candidate === 'string')
  if (typeof name !== 'string' || name === '') return undefined
  const written = argumentKeys.map(key => value[key]).find(candidate => candidate !== undefined)
  const args = argumentsOf(written)
  return args && { name, arguments: args }
}

/** Arguments as an object; a JSON text of an object counts, and nothing at all is no arguments. */
export function argumentsOf(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null || value === '') return {}
  if (isObject(value)) return value
  const parsed = typeof value === 'string' ? tryJson(value) : undefined
  return isObject(parsed) ? parsed : undefined
}
