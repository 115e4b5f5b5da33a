import { goQuote } from '../../go/text.ts'
import { Problem } from '../../problem.ts'
import { jsonSchemaGrammar } from './json-schema.ts'

/**
 * The grammar an answer must obey by the API's `format` field: nothing for null, "" or an absent field, any JSON object
 * for "json", else a JSON schema (upstream llm/llama_server.go).
 * @param convert turns a schema into a grammar; on the spot unless a thread does it
 * @throws Problem 500 with upstream's text when it is none of these; Problem 400 for a schema that cannot be obeyed
 */
export function grammarFor(format: unknown): string | undefined
export function grammarFor<Grammar>(format: unknown, convert: (schema: object) => Grammar): Grammar | string | undefined
export function grammarFor(format: unknown, convert: (schema: object) => unknown = jsonSchemaGrammar): unknown {
  if (format === undefined || format === null || format === '') return undefined
  if (format === 'json') return jsonSchemaGrammar({ type: 'object' })
  if (typeof format === 'object' && !Array.isArray(format)) return convert(format)
  const message = `invalid format: ${goQuote(JSON.stringify(format))}; expected "json" or a valid JSON Schema object`
  throw new Problem('internal', 500, message)
}
