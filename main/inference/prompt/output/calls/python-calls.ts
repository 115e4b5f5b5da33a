import type { BodyParser, FoundCall } from '../format.ts'
import { tryJson } from '../json-scanner.ts'
import { LiteralReader, python } from '../literals.ts'
import { callsFromJson } from './json-call.ts'

/**
 * Calls written as Python: `f(a=1, b="x")`, one on each line or in a list `[f(a=1), g()]`. Some models of these
 * families fall back to a list of JSON calls, which counts too.
 */
export const pythonCalls: BodyParser = body => {
  const json = callsFromJson(tryJson(body.trim()))
  if (json) return json
  const reader = new LiteralReader(body, python)
  const inList = reader.take('[')
  const calls: FoundCall[] = []
  for (;;) {
    reader.skipSpace()
    if (inList ? reader.take(']') : reader.at >= body.length) break
    // The end of the answer may have cut off the bracket.
    if (reader.at >= body.length && calls.length > 0) break
    if (calls.length > 0) reader.take(',') || reader.take(';')
    const name = reader.name()
    if (name === undefined || !reader.take('(')) return undefined
    const args = reader.members(')', '=')
    if (!args) return undefined
    calls.push({ name, arguments: args })
  }
  reader.skipSpace()
  return calls.length > 0 && reader.at >= body.length ? calls : undefined
}
