import { Validator } from '@cfworker/json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { toAnswer, toInput } from '../../../forms/answer.ts'
import type { Field, JsonObject, Shape } from '../../../forms/field.ts'
import { answerSchema, inputSchema } from '../../../forms/form-schema.ts'
import { fieldsFromSchema } from '../../../forms/from-schema.ts'
import { jsonSchemaGrammar } from '../../../main/inference/grammar/json-schema.ts'
import { fc } from '../../properties.ts'

const key = fc.constantFrom('shop', '总额', 'Total / net', 'a.b', '__proto__x', 'constructor', '<b>', '"', 'x y')
const lower = fc.integer({ min: 0, max: 3 })
const upper = fc.integer({ min: 4, max: 9 })

const plain: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), minLength: lower, maxLength: upper }, { requiredKeys: ['kind'] }),
  fc.record(
    { kind: fc.constant('number' as const), whole: fc.boolean(), minimum: lower, maximum: upper },
    { requiredKeys: ['kind', 'whole'] },
  ),
  fc.constant({ kind: 'yes-no' as const }),
  fc.record({
    kind: fc.constant('choice' as const),
    choices: fc.uniqueArray(fc.constantFrom('EUR', '人民币', 'a"b', '<i>'), { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('date' as const), form: fc.constantFrom('date' as const, 'date-time', 'time') }),
)
const { fields } = fc.letrec<{ shape: Shape; field: Field; fields: Field[] }>(tie => ({
  shape: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    plain,
    fc.record(
      { kind: fc.constant('list' as const), item: tie('shape'), minItems: lower, maxItems: upper },
      { requiredKeys: ['kind', 'item'] },
    ),
    fc.record({ kind: fc.constant('group' as const), fields: tie('fields') }),
  ),
  field: fc.record(
    {
      key,
      title: fc.constantFrom('Name', '名称'),
      hint: fc.constant('at the bottom'),
      required: fc.boolean(),
      shape: tie('shape'),
    },
    { requiredKeys: ['key', 'required', 'shape'] },
  ),
  fields: fc.uniqueArray(tie('field'), { selector: field => field.key, minLength: 1, maxLength: 4 }),
}))

/** What reading a schema cannot tell apart: a list that may be empty has no smallest length, and is required. */
function normal(field: Field): Field {
  const { shape } = field
  if (shape.kind !== 'list') return { ...field, shape: normalShape(shape) }
  return { ...field, required: true, shape: normalShape(field.required ? shape : { ...shape, minItems: 0 }) }
}
function normalShape(shape: Shape): Shape {
  if (shape.kind === 'list') return { ...shape, item: normalShape(shape.item) }
  return shape.kind === 'group' ? { ...shape, fields: shape.fields.map(normal) } : shape
}

describe('fields as a schema', () => {
  test('come back as the same fields, whatever their names, limits and depth', () => {
    fc.assert(
      fc.property(fields, given => {
        expect(fieldsFromSchema(answerSchema(given))).toEqual(given.map(normal))
      }),
    )
  })

  // A form that can be clicked together but not asked would fail with every source it is run on.
  test('always make a grammar', () => {
    fc.assert(
      fc.property(fields, given => {
        expect(jsonSchemaGrammar(answerSchema(given))).toMatch(/^root ::=/m)
      }),
      { numRuns: 40 },
    )
  })

  test('ask for every field in every answer, with null for what is not required', () => {
    const schema = answerSchema([
      { key: 'shop', required: true, shape: { kind: 'text' } },
      { key: 'paid', required: false, title: 'Paid?', hint: 'stamp', shape: { kind: 'yes-no' } },
      { key: 'currency', required: false, shape: { kind: 'choice', choices: ['EUR', 'CNY'] } },
      { key: 'items', required: false, shape: { kind: 'list', item: { kind: 'text' }, minItems: 2 } },
    ])
    expect(schema).toEqual({
      type: 'object',
      properties: {
        shop: { type: 'string' },
        paid: { type: ['boolean', 'null'], title: 'Paid?', description: 'stamp' },
        currency: { type: ['string', 'null'], enum: ['EUR', 'CNY', null] },
        items: { type: 'array', items: { type: 'string' }, minItems: 0 },
      },
      required: ['shop', 'paid', 'currency', 'items'],
      additionalProperties: false,
    })
  })
})

describe('an answer as a person edits it', () => {
  const given: Field[] = [
    { key: 'shop', required: true, shape: { kind: 'text' } },
    { key: 'date', required: false, shape: { kind: 'date', form: 'date' } },
    {
      key: 'items',
      required: false,
      shape: {
        kind: 'list',
        item: { kind: 'group', fields: [{ key: 'price', required: false, shape: { kind: 'number', whole: false } }] },
      },
    },
  ]
  const answer: JsonObject = { shop: 'Lidl', date: null, items: [{ price: null }, { price: 2 }] }

  // Not saved as a model writes it, a corrected row would have other columns than the rest.
  test('goes there and back, and fits both schemas', () => {
    const input = toInput(answer, given)
    expect(input).toEqual({ shop: 'Lidl', items: [{}, { price: 2 }] })
    expect(new Validator(inputSchema(given) as never, '2020-12').validate(input).valid).toBe(true)
    expect(toAnswer(input, given, answer)).toEqual(answer)
    expect(
      new Ajv2020({ strict: false, validateFormats: false }).validate(
        answerSchema(given),
        toAnswer({ shop: 'Aldi' }, given, answer),
      ),
    ).toBe(true)
  })

  test('keeps what an earlier form had asked for', () => {
    expect(toAnswer({ shop: 'Aldi' }, given.slice(0, 1), { shop: 'Lidl', old: 1 })).toEqual({ shop: 'Aldi', old: 1 })
  })

  // By its place alone, the price that an item was bought at went to the item that moved up.
  test('keeps it in the items that are left of a list, and gives no item what was another one’s', () => {
    const item = (price: number | null, old?: string): JsonObject => (old === undefined ? { price } : { price, old })
    const before = { shop: 'Lidl', date: null, items: [item(1, 'a'), item(2, 'b'), item(3, 'c')] }
    const kept = (items: JsonObject[]) => toAnswer({ shop: 'Lidl', items }, given, before).items
    expect(kept([item(2), item(3)])).toEqual([item(2, 'b'), item(3, 'c')])
    expect(kept([item(1), item(9), item(3), {}])).toEqual([item(1, 'a'), item(9, 'b'), item(3, 'c'), item(null)])
    expect(kept([item(9)])).toEqual([item(9)])
    expect(kept([])).toEqual([])
  })
})
