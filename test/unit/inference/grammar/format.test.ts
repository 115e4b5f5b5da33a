import { describe, expect, it, test } from 'vitest'
import { grammarFor } from '../../../../main/inference/grammar/format.ts'
import { Problem } from '../../../../main/problem.ts'

const problemOf = (format: unknown): Problem => {
  try {
    grammarFor(format)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was accepted')
}

// A request without a format must not be constrained to anything.
test.each([undefined, null, ''])('%j asks for no grammar', format => {
  expect(grammarFor(format)).toBeUndefined()
})

it('gives "json" the grammar of any object', () => {
  expect(grammarFor('json')).toBe(grammarFor({ type: 'object' }))
})

// Clients match on upstream's text, with the raw JSON quoted as Go quotes it.
test.each([
  ['xml', String.raw`invalid format: "\"xml\""; expected "json" or a valid JSON Schema object`],
  ['JSON', String.raw`invalid format: "\"JSON\""; expected "json" or a valid JSON Schema object`],
  [7, 'invalid format: "7"; expected "json" or a valid JSON Schema object'],
  [true, 'invalid format: "true"; expected "json" or a valid JSON Schema object'],
  [['a'], String.raw`invalid format: "[\"a\"]"; expected "json" or a valid JSON Schema object`],
  ['a\n你\u00a0', String.raw`invalid format: "\"a\\n你\u00a0\""; expected "json" or a valid JSON Schema object`],
])('%j is refused in the words of Ollama', (format, message) => {
  const problem = problemOf(format)
  expect(problem.message).toBe(message)
  expect(problem.status).toBe(500)
})

describe('a schema that cannot be obeyed', () => {
  const string = { type: 'string' }
  const at = (place: string, what: string): string => `invalid JSON schema in format at ${place}: ${what}`

  // A constraint that is dropped in silence gives answers the caller did not ask for.
  test.each([
    [{ not: { type: 'null' } }, at('#/not', 'keyword "not" is not supported')],
    [{ if: {} }, at('#/if', 'keyword "if" is not supported')],
    [JSON.parse('{"then":{}}'), at('#/then', 'keyword "then" is not supported')],
    [{ else: {} }, at('#/else', 'keyword "else" is not supported')],
    [{ contains: {} }, at('#/contains', 'keyword "contains" is not supported')],
    [{ minContains: 1 }, at('#/minContains', 'keyword "minContains" is not supported')],
    [{ maxContains: 1 }, at('#/maxContains', 'keyword "maxContains" is not supported')],
    [{ dependentRequired: {} }, at('#/dependentRequired', 'keyword "dependentRequired" is not supported')],
    [{ dependentSchemas: {} }, at('#/dependentSchemas', 'keyword "dependentSchemas" is not supported')],
    [{ dependencies: {} }, at('#/dependencies', 'keyword "dependencies" is not supported')],
    [{ $dynamicRef: '#a' }, at('#/$dynamicRef', 'keyword "$dynamicRef" is not supported')],
    [{ $recursiveRef: '#' }, at('#/$recursiveRef', 'keyword "$recursiveRef" is not supported')],
    [{ divisibleBy: 2 }, at('#/divisibleBy', 'keyword "divisibleBy" is not supported')],
    [{ minLenght: 2 }, at('#/minLenght', 'keyword "minLenght" is not supported')],
    [{ any_of: [] }, at('#/any_of', 'keyword "any_of" is not supported')],
    [
      { type: 'array', uniqueItems: true },
      at('#/uniqueItems', 'keyword "uniqueItems" is only supported for items that are one of a few values'),
    ],
    [{ type: 'array', uniqueItems: true, minItems: 3, items: { enum: [1, 2] } }, at('#', 'no value satisfies it')],
    [
      { uniqueItems: true, items: { enum: [...'abcdefghijkl'] } },
      at('#/uniqueItems', 'keyword "uniqueItems" is only supported for items that are one of a few values'),
    ],
    [
      {
        uniqueItems: true,
        items: {
          enum: [
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ],
        },
      },
      at('#/uniqueItems', 'keyword "uniqueItems" is only supported for items that are one of a few values'),
    ],
    [{ unevaluatedItems: string }, at('#/unevaluatedItems', 'only true and false are supported')],
    [{ unevaluatedProperties: string }, at('#/unevaluatedProperties', 'only true and false are supported')],
    [
      { properties: { 'a/b~': { items: { not: {}, if: 1 } } } },
      at('#/properties/a~1b~0/items/if', 'keyword "if" is not supported'),
    ],
    [{ format: 'phone' }, at('#/format', 'format "phone" is not supported')],
    [
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      at('#/oneOf', 'alternatives of "oneOf" that can hold together are not supported; use "anyOf"'),
    ],
    [{ $ref: 'other.json' }, at('#/$ref', '"$ref" leads outside the schema: "other.json"')],
    [{ $ref: 'https://x.y/z#/a' }, at('#/$ref', '"$ref" leads outside the schema: "https://x.y/z#/a"')],
    [{ $ref: '#/$defs/none', $defs: {} }, at('#/$ref', 'there is nothing at "#/$defs/none"')],
    [{ $ref: '#/$defs/toString', $defs: {} }, at('#/$ref', 'there is nothing at "#/$defs/toString"')],
    [{ $ref: '#none' }, at('#/$ref', 'there is no anchor "none"')],
    [{ $ref: '#/%zz' }, at('#/$ref', 'broken escape in "#/%zz"')],
    [{ multipleOf: 1234.5 }, at('#', '"multipleOf" with more than 1000 steps to a round number is not supported')],
    [{ type: 'integer', minimum: 1e17 }, at('#', 'numbers beyond 2^53 - 1 on either side are not supported')],
    [
      { type: 'object', additionalProperties: true, minProperties: 2 },
      at('#/minProperties', 'more than the required properties and one are not supported in an open object'),
    ],
  ])('names the keyword and its place: %j', (schema, message) => {
    const problem = problemOf(schema)
    expect(problem.message).toBe(message)
    expect([problem.status, problem.code]).toEqual([400, 'invalid-request'])
  })

  test.each([
    [{ type: 'strnig' }, at('#/type', 'there is no type "strnig"')],
    [{ type: 'fraction' }, at('#/type', 'there is no type "fraction"')],
    [{ type: [] }, at('#/type', 'must name at least one type')],
    [{ type: ['string', 7] }, at('#/type', 'there is no type 7')],
    [{ enum: [] }, at('#/enum', 'must be an array of at least one value')],
    [{ enum: 'a' }, at('#/enum', 'must be an array of at least one value')],
    [{ anyOf: [] }, at('#/anyOf', 'must be an array of at least one schema')],
    [{ allOf: {} }, at('#/allOf', 'must be an array of at least one schema')],
    [{ oneOf: [1] }, at('#/oneOf/0', 'must be a schema: an object, true or false')],
    [{ items: 3 }, at('#/items', 'must be a schema: an object, true or false')],
    [{ properties: [] }, at('#/properties', 'must be an object of schemas')],
    [{ properties: { a: null } }, at('#/properties/a', 'must be a schema: an object, true or false')],
    [{ additionalProperties: 'no' }, at('#/additionalProperties', 'must be a schema: an object, true or false')],
    [{ propertyNames: 1 }, at('#/propertyNames', 'must be a schema: an object, true or false')],
    [{ required: true }, at('#/required', 'must be an array of property names')],
    [{ required: [1] }, at('#/required', 'must be an array of property names')],
    [{ minLength: -1 }, at('#/minLength', 'must be a whole number, 0 or more')],
    [{ maxItems: 1.5 }, at('#/maxItems', 'must be a whole number, 0 or more')],
    [{ maxLength: 1e7 }, at('#/maxLength', 'counts above 1000000 are not supported')],
    [{ minimum: '3' }, at('#/minimum', 'must be a number')],
    [{ maximum: Number.POSITIVE_INFINITY }, at('#/maximum', 'must be a number')],
    [{ multipleOf: 0 }, at('#/multipleOf', 'must be greater than 0')],
    [{ pattern: 3 }, at('#/pattern', 'must be a regular expression')],
    [
      { pattern: '(' },
      at('#/pattern', 'the regular expression "(" cannot be used: Invalid regular expression: /(/: Unterminated group'),
    ],
    [
      { pattern: '(a)\\1' },
      at('#/pattern', 'the regular expression "(a)\\\\1" cannot be used: the escape "\\1" is not supported'),
    ],
    [
      { pattern: '\\bword\\b' },
      at('#/pattern', 'the regular expression "\\\\bword\\\\b" cannot be used: the escape "\\b" is not supported'),
    ],
    [
      { pattern: '\\p{Letters}' },
      at('#/pattern', 'the regular expression "\\\\p{Letters}" cannot be used: it names no Unicode property'),
    ],
    [
      { pattern: '(?<=a)b' },
      at('#/pattern', 'the regular expression "(?<=a)b" cannot be used: lookbehind is not supported'),
    ],
    [
      { pattern: '(^a)+' },
      at('#/pattern', 'the regular expression "(^a)+" cannot be used: an anchor or lookahead is repeated'),
    ],
    [{ $ref: 1 }, at('#/$ref', '"$ref" must be a string')],
    [{ nullable: 1 }, at('#/nullable', 'must be true or false')],
  ])('is told what is malformed: %j', (schema, message) => {
    expect(problemOf(schema).message).toBe(message)
  })

  // Without these a model would write for ever, or be left with nothing it may write.
  test.each([
    [{ type: 'string', minLength: 3, maxLength: 2 }, at('#', 'no value satisfies it')],
    [{ type: 'integer', minimum: 2, maximum: 1 }, at('#', 'no value satisfies it')],
    [{ type: 'string', enum: [1] }, at('#', 'no value satisfies it')],
    [{ type: 'string', pattern: '^a$', const: 'b' }, at('#', 'no value satisfies it')],
    [{ allOf: [{ type: 'string' }, { type: 'null' }] }, at('#', 'no value satisfies it')],
    [
      {
        type: 'object',
        properties: { a: { type: 'object', properties: { b: false }, required: ['b'] } },
        required: ['a'],
      },
      at('#/properties/a/properties/b', 'no value satisfies it'),
    ],
    [
      { type: 'object', additionalProperties: false, required: ['a'] },
      at('#/additionalProperties', 'no value satisfies it'),
    ],
    [
      { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] },
      at('#', 'every value would be endless'),
    ],
    [{ type: 'array', items: { $ref: '#' }, minItems: 1 }, at('#', 'every value would be endless')],
    [{ $ref: '#' }, at('#', 'it refers to itself without end')],
    [{ anyOf: [{ type: 'null' }, { $ref: '#' }] }, at('#', 'it refers to itself without end')],
    [
      {
        $ref: '#/$defs/a',
        $defs: { a: { allOf: [{ $ref: '#/$defs/b' }, { minLength: 1 }] }, b: { $ref: '#/$defs/a' } },
      },
      at('#/$defs/a', 'it refers to itself without end'),
    ],
  ])('is refused when no finite value satisfies it: %j', (schema, message) => {
    expect(problemOf(schema).message).toBe(message)
  })
})
