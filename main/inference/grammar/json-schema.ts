import { SchemaWriter } from './writing/schema-writer.ts'

/**
 * A JSON schema as GBNF text that llama.cpp's grammar parser accepts; every text of the grammar is JSON that satisfies
 * the schema. Answers keep to the declared order of properties, and objects with `properties` hold no others unless
 * `additionalProperties` allows them.
 * @throws Problem 400 `invalid-request` naming the keyword and its place when the schema is malformed, cannot be
 * obeyed, or is too large
 */
export function jsonSchemaGrammar(schema: unknown): string {
  return new SchemaWriter(schema).write()
}
