import type { BodyParser, FoundCall } from '../format.ts'
import { tryJson } from '../json-scanner.ts'
import { LiteralReader, python } from '../literals.ts'
import { callsFromJson } from './json-call.ts'

/**
 * Calls written as Python: `f(a=1, b="x")`, one on each line or in a list `[f(a=1), g()]`. Some models of these
 * families fall back to a list of JSON calls, which counts too.
 */
export const pythonCalls: BodyParser = (body, { tools }) => {
  const json = callsFromJson(tryJson(body.trim()))
  if (json) return json
  const reader = new LiteralReader(body, python)
  const names = tools.map(tool => tool.function.name)
  const inList = reader.take('[')
  const calls: FoundCall[] = []
  for (;;) {
    reader.skipSpace()
    if (inList ? reader.take(']') : reader.at >= body.length) break
    // The end of the answer may have cut off the bracket.
    if (reader.at >= body.length && calls.length > 0) break
    if (calls.length > 0) reader.take(',') || reader.take(';')
    const name = calledName(reader, names)
    if (name === undefined) return undefined
    const args = reader.members(')', '=')
    if (!args) return undefined
    calls.push({ name, arguments: args })
  }
  reader.skipSpace()
  return calls.length > 0 && reader.at >= body.length ? calls : undefined
}

/** The name before a `(`, which is taken too: one of the request's, which need be none to Python, or any that is. */
function calledName(reader: LiteralReader, names: readonly string[]): string | undefined {
  const at = reader.at
  for (const name of names) {
    if (reader.take(name) && reader.take('(')) return name
    reader.at = at
  }
  const name = reader.name()
  return name !== undefined && reader.take('(') ? name : undefined
}
