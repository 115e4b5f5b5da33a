import { describe, expect, test } from 'vitest'
import type { Field, Shape } from '../../../forms/field.ts'
import { fieldsFromPaste } from '../../../forms/from-paste.ts'

const read = (pasted: unknown) => fieldsFromPaste(typeof pasted === 'string' ? pasted : JSON.stringify(pasted)).fields
const field = (key: string, shape: Shape, rest: Partial<Field> = {}): Field => ({ key, required: true, shape, ...rest })
const text = { kind: 'text' } as const
const number = { kind: 'number', whole: false } as const

describe('a pasted example', () => {
  test('becomes fields of its kinds', () => {
    const example = {
      shop: 'Bäckerei',
      date: '2026-11-18',
      at: '2026-11-18T10:30:00Z',
      total: 12,
      paid: true,
      note: null,
      items: [{ item: 'Rye bread', count: 2 }, { item: 'Poppy cake' }],
      tags: [],
    }
    expect(read(example)).toEqual([
      field('shop', text),
      field('date', { kind: 'date', form: 'date' }),
      field('at', { kind: 'date', form: 'date-time' }),
      field('total', number),
      field('paid', { kind: 'yes-no' }),
      field('note', text, { required: false }),
      field('items', {
        kind: 'list',
        item: { kind: 'group', fields: [field('item', text), field('count', number, { required: false })] },
      }),
      field('tags', { kind: 'list', item: text }),
    ])
  })

  // As text, a column of amounts cannot be added up in a spreadsheet.
  test('knows amounts as people write them', () => {
    const rows = 'Shop\tTotal\tPostcode\nA\t5,20\t04109\nB\t1.234,50 €\t10115'
    expect(read(rows)).toEqual([field('Shop', text), field('Total', number), field('Postcode', text)])
  })

  test.each([
    [
      'several rows of one thing',
      '[{"a": 1, "b": "x"}, {"a": 2}]',
      [field('a', number), field('b', text, { required: false })],
    ],
    [
      'a table from a spreadsheet',
      'Name\tAge\nAnna\t34\nBen\t',
      [field('Name', text), field('Age', number, { required: false })],
    ],
    [
      'a table saved as CSV',
      'Name,Age\nAnna,34\nBen,',
      [field('Name', text), field('Age', number, { required: false })],
    ],
    ['one with semicolons', 'Item;Price\nCake;4,50', [field('Item', text), field('Price', number)]],
    ['values with commas', 'Shop: Lidl, Berlin\nItems: rye, oats', [field('Shop', text), field('Items', text)]],
    ['names alone', '姓名\t年龄', [field('姓名', text, { required: false }), field('年龄', text, { required: false })]],
    [
      'lines of names and values',
      'Shop: Lidl\nTotal: 12,50\nDate: 21.11.2026\nPaid: yes\n备注：',
      [
        field('Shop', text),
        field('Total', number),
        field('Date', { kind: 'date', form: 'date' }),
        field('Paid', { kind: 'yes-no' }),
        field('备注', text, { required: false }),
      ],
    ],
    ['an answer in a fence', '```json\n{"a": 1}\n```', [field('a', number)]],
    // Its keys are those of a schema; its values are not.
    [
      'an example with a field called type',
      '{"type": "invoice", "items": "none"}',
      [field('type', text), field('items', text)],
    ],
  ])('may be %s', (_, pasted, fields) => {
    expect(read(pasted)).toEqual(fields)
  })
})

describe('a pasted schema', () => {
  const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest })

  test('is read as pydantic, zod and OpenAI write it', () => {
    const schema = {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'receipt',
          strict: true,
          schema: {
            $defs: { Item: object({ name: { type: 'string' } }, { required: ['name'], additionalProperties: false }) },
            ...object(
              {
                total: { type: 'integer', exclusiveMinimum: 0, title: 'Total', description: 'with tax' },
                note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
                mood: { type: ['string', 'null'], enum: ['good', 'bad', null] },
                items: { type: 'array', items: { $ref: '#/$defs/Item' }, minItems: 1 },
              },
              { required: ['total', 'items'], additionalProperties: false },
            ),
          },
        },
      },
    }
    expect(fieldsFromPaste(JSON.stringify(schema))).toEqual({
      from: 'schema',
      fields: [
        field('total', { kind: 'number', whole: true, minimum: 1 }, { title: 'Total', hint: 'with tax' }),
        field('note', text, { required: false }),
        field('mood', { kind: 'choice', choices: ['good', 'bad'] }, { required: false }),
        field('items', { kind: 'list', item: { kind: 'group', fields: [field('name', text)] }, minItems: 1 }),
      ],
    })
  })

  // Dropped, the answer would no longer fit the schema that was pasted.
  test.each([
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }],
    [{ type: 'number', multipleOf: 0.5 }],
    [{ type: 'number', exclusiveMinimum: 0 }],
    [{ enum: [1, 2, 3] }],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }],
    [{ type: 'object', additionalProperties: { type: 'number' } }],
    [{}],
  ])('keeps what fields cannot say word for word: %j', part => {
    expect(read(object({ part }, { required: ['part'] }))).toEqual([field('part', { kind: 'other', schema: part })])
  })

  // Read as "anything", it made a form whose answers the schema forbids.
  test('leaves out what may not be there, and keeps what must be there and cannot', () => {
    expect(read(object({ a: { type: 'string' }, old: false }, { required: ['a'] }))).toEqual([field('a', text)])
    const never = field('old', { kind: 'other', schema: { not: {} } })
    expect(read(object({ old: false }, { required: ['old'] }))).toEqual([never])
  })

  test('keeps such a part with what it refers to', () => {
    const part = { oneOf: [{ $ref: '#/$defs/A' }, { type: 'number' }] }
    expect(read({ ...object({ part }), $defs: { A: { type: 'string', minLength: 2 } } })).toEqual([
      field(
        'part',
        { kind: 'other', schema: { oneOf: [{ type: 'string', minLength: 2 }, { type: 'number' }] } },
        { required: false },
      ),
    ])
  })

  test('that is a list of things becomes one list', () => {
    expect(read({ type: 'array', items: object({ a: { type: 'string' } }, { required: ['a'] }) })).toEqual([
      field('items', { kind: 'list', item: { kind: 'group', fields: [field('a', text)] } }),
    ])
  })

  test('with script in its names is only text', () => {
    const script = '<img src=x onerror=alert(1)>'
    expect(read(object({ [script]: { type: 'string', title: script, description: script } }))).toEqual([
      field(script, text, { required: false, hint: script }),
    ])
  })
})

const nested = (levels: number): object =>
  levels === 0 ? { type: 'string' } : { type: 'object', properties: { in: nested(levels - 1) } }
const laughs = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [
    `a${index}`,
    { oneOf: [{ $ref: `#/$defs/a${index + 1}` }, { $ref: `#/$defs/a${index + 1}` }] },
  ]),
)

describe('what no form can be made of ends in its reason', () => {
  test.each([
    ['nothing', '', 'not-understood'],
    ['a sentence', 'Please make a form for receipts', 'not-understood'],
    ['JSON that is cut off', '{"a": ', 'broken-json'],
    ['a single value in a list of nothing', '[]', undefined],
    ['an empty object', '{}', 'no-fields'],
    ['a schema of a single text', { type: 'string', enum: ['a'] }, 'no-fields'],
    ['a schema without properties', { type: 'object' }, 'no-fields'],
    [
      'a tree',
      { $defs: { N: { type: 'object', properties: { c: { $ref: '#/$defs/N' } } } }, $ref: '#/$defs/N' },
      'recursive',
    ],
    ['itself', { type: 'object', properties: { me: { $ref: '#' } } }, 'recursive'],
    ['a part elsewhere', { type: 'object', properties: { a: { $ref: 'https://example.com/a.json' } } }, 'missing-part'],
    ['a part nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }, 'missing-part'],
    ['a part of an object of ours', { type: 'object', properties: { a: { $ref: '#/constructor' } } }, 'missing-part'],
    ['a schema deeper than a form', nested(20), 'too-deep'],
    ['a deep example', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 'too-deep'],
    [
      'references that multiply',
      { type: 'object', properties: { a: { $ref: '#/$defs/a0' } }, $defs: { ...laughs, a30: {} } },
      'too-many',
    ],
    [
      'a thousand fields',
      Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 1])),
      'too-many',
    ],
    ['a field without a name', { '': 1 }, 'bad-name'],
    ['a megabyte', JSON.stringify({ a: 'x'.repeat(1_000_000) }), 'too-large'],
  ])('%s', (_, pasted, code) => {
    if (code === undefined) expect(read(pasted)).toEqual([field('items', { kind: 'list', item: text })])
    else expect(() => read(pasted)).toThrow(expect.objectContaining({ name: 'PasteTrouble', code }))
  })
})
