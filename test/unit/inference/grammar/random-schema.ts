import type { Random } from './random.ts'

const names = ['a', 'b', 'ab', 'name', '名', 'x y', '"q"', 'constructor', '']
const patterns = [
  '^a',
  'b$',
  '^[a-c]+$',
  'x|y',
  '^(?!a)[a-z]{1,4}$',
  '^.{2}$',
  '[0-9]{2,3}',
  '^\\w+( \\w+)?$',
  '^[^"]*$',
  '',
]
const formats = [
  'date',
  'time',
  'date-time',
  'email',
  'ipv4',
  'ipv6',
  'uuid',
  'uri',
  'hostname',
  'duration',
  'json-pointer',
]
const constants = [null, true, 0, 1, -3, 2.5, 'a', 'ab', 'x"', '你', [], [1], {}, { a: 1 }, { b: 'a' }]
const types = ['string', 'integer', 'number', 'boolean', 'null', 'array', 'object']

/** A schema of the keywords we obey, often contradictory, with references among its definitions. */
export function randomSchema(random: Random): Record<string, unknown> {
  const definitions = { d0: part(random, 2), d1: part(random, 2), d2: part(random, 1) }
  const schema = part(random, 3)
  return typeof schema === 'boolean' ? { $defs: definitions } : { ...schema, $defs: definitions }
}

/** The same with a defect: a keyword that is unknown, malformed or impossible. */
export function brokenSchema(random: Random): Record<string, unknown> {
  const schema = randomSchema(random)
  const junk = [
    null,
    -1,
    1.5,
    1e300,
    'x',
    [],
    {},
    [null],
    { a: 1 },
    true,
    ['a', 'a'],
    '(',
    '\\p{L}',
    [[]],
    2 ** 40,
    '#/nowhere',
    '#',
  ]
  const keywords =
    'type enum const minLength maxLength pattern format minimum maximum exclusiveMinimum multipleOf items prefixItems minItems maxItems uniqueItems contains required properties patternProperties additionalProperties propertyNames minProperties not if allOf anyOf oneOf $ref $anchor $id dependentRequired unevaluatedProperties unheardOf'.split(
      ' ',
    )
  for (let i = random.between(1, 3); i > 0; i--) schema[random.pick(keywords)] = random.pick(junk)
  return schema
}

function part(random: Random, depth: number): Record<string, unknown> | boolean {
  if (random.chance(0.03)) return random.chance(0.7)
  const schema: Record<string, unknown> = {}
  const inner = () => (depth > 0 ? part(random, depth - 1) : leaf(random))
  const list = () => Array.from({ length: random.between(1, 3) }, inner)
  const kind = random.between(0, 13)
  if (kind === 0) schema.$ref = random.pick(['#', '#/$defs/d0', '#/$defs/d1', '#/$defs/d2'])
  if (kind === 1) schema.anyOf = list()
  if (kind === 2) schema.oneOf = list()
  if (kind === 3) schema.allOf = list()
  if (kind === 4) schema.enum = random.some(constants, 0.4).concat('z')
  if (kind === 5) schema.const = random.pick(constants)
  if (random.chance(0.5))
    schema.type = random.chance(0.8) ? random.pick(types) : [...new Set([random.pick(types), random.pick(types)])]
  if (kind >= 9 || random.chance(0.1)) Object.assign(schema, objectKeywords(random, inner))
  if (kind === 8 || random.chance(0.1)) Object.assign(schema, arrayKeywords(random, inner))
  if (kind === 7 || random.chance(0.1)) Object.assign(schema, stringKeywords(random))
  if (kind === 6 || random.chance(0.1)) Object.assign(schema, numberKeywords(random))
  return schema
}

function leaf(random: Random): Record<string, unknown> {
  return random.pick([
    { type: random.pick(types) },
    stringKeywords(random),
    numberKeywords(random),
    { const: random.pick(constants) },
    {},
  ])
}

function objectKeywords(random: Random, inner: () => unknown): Record<string, unknown> {
  const own = random.some(names, 0.3)
  return {
    ...(random.chance(0.9) ? { properties: Object.fromEntries(own.map(name => [name, inner()])) } : {}),
    ...(random.chance(0.5) ? { required: random.some(own.length > 0 ? own : names, 0.4) } : {}),
    ...(random.chance(0.3) ? { additionalProperties: random.chance(0.5) ? random.chance(0.5) : inner() } : {}),
    ...(random.chance(0.1)
      ? { patternProperties: { [random.pick(patterns)]: inner(), [random.pick(patterns)]: inner() } }
      : {}),
    ...(random.chance(0.1) ? { propertyNames: { pattern: random.pick(patterns) } } : {}),
    ...(random.chance(0.1) ? { minProperties: random.between(0, 3) } : {}),
    ...(random.chance(0.1) ? { maxProperties: random.between(0, 4) } : {}),
    ...(random.chance(0.1) ? { unevaluatedProperties: false } : {}),
  }
}

function arrayKeywords(random: Random, inner: () => unknown): Record<string, unknown> {
  return {
    ...(random.chance(0.3) ? { prefixItems: [inner(), inner()] } : {}),
    ...(random.chance(0.6) ? { items: inner() } : {}),
    ...(random.chance(0.4) ? { minItems: random.between(0, 3) } : {}),
    ...(random.chance(0.4) ? { maxItems: random.between(0, 4) } : {}),
    ...(random.chance(0.05) ? { uniqueItems: true } : {}),
    ...(random.chance(0.1) ? { unevaluatedItems: false } : {}),
  }
}

function stringKeywords(random: Random): Record<string, unknown> {
  return {
    ...(random.chance(0.4) ? { pattern: random.pick(patterns) } : {}),
    ...(random.chance(0.3) ? { format: random.pick(formats) } : {}),
    ...(random.chance(0.4) ? { minLength: random.between(0, 3) } : {}),
    ...(random.chance(0.4) ? { maxLength: random.between(0, 12) } : {}),
  }
}

function numberKeywords(random: Random): Record<string, unknown> {
  const bound = () => random.pick([0, 1, -1, 5, 17.5, -0.25, 100, 1234567, -99, 0.001, 1e-7, 9007199254740991])
  return {
    ...(random.chance(0.5) ? { minimum: bound() } : {}),
    ...(random.chance(0.5) ? { maximum: bound() } : {}),
    ...(random.chance(0.2) ? { exclusiveMinimum: bound() } : {}),
    ...(random.chance(0.2) ? { exclusiveMaximum: bound() } : {}),
    ...(random.chance(0.2) ? { multipleOf: random.pick([1, 2, 7, 0.5, 0.25, 10, 1.5]) } : {}),
  }
}
