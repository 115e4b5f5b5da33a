import { describe, expect, it } from 'vitest'
import { grammarFor } from '../../../../main/inference/grammar/format.ts'
import { Problem } from '../../../../main/problem.ts'
import { Text } from './cases.ts'
import { GbnfSampler } from './gbnf-sampler.ts'
import { grammarOrProblem, judgedCases, validatorOf } from './judge.ts'
import { Random } from './random.ts'
import { brokenSchema, randomSchema } from './random-schema.ts'

describe.each(judgedCases)('$name', ({ schema, accepts, isValid: judge }) => {
  const isValid = judge()

  // An answer that breaks the schema although the grammar let it pass.
  it('lets only valid answers be written', () => {
    const sampler = new GbnfSampler(grammarFor(schema)!)
    const random = new Random(1)
    const drawn = Array.from({ length: 40 }, () => sampler.draw(random, random.between(0, 120)))
    expect(drawn.filter(text => !isValid(JSON.parse(text)))).toEqual([])
  })

  // A wrong table of examples.
  it('is told apart by right examples', () => {
    const values = accepts.map(value => (value instanceof Text ? JSON.parse(value.json) : value))
    expect(values.filter(value => !isValid(value))).toEqual([])
  })
})

describe('any schema', () => {
  // Constraints that go wrong only together: shared rules, seals, overlapping patterns, narrowed tuples.
  it('either gives a grammar whose every text is valid, or a Problem', () => {
    const failures: unknown[] = []
    let written = 0
    for (let seed = 0; seed < 250; seed++) {
      const random = new Random(seed)
      const schema = randomSchema(random)
      const grammar = grammarOrProblem(schema)
      const isValid = grammar && validatorOrNothing(schema)
      if (!grammar || !isValid) continue
      written++
      const sampler = new GbnfSampler(grammar)
      const drawn = Array.from({ length: 10 }, () => sampler.draw(random, random.between(0, 200)))
      failures.push(...drawn.filter(text => !isValid(JSON.parse(text))).map(text => ({ seed, text })))
    }
    expect(failures).toEqual([])
    // Most random schemas must be satisfiable, or this would show nothing.
    expect(written).toBeGreaterThan(120)
  }, 60_000)

  it('that is malformed is refused by a Problem, never by another error', () => {
    let refused = 0
    for (let seed = 0; seed < 800; seed++) if (!grammarOrProblem(brokenSchema(new Random(seed)))) refused++
    expect(refused).toBeGreaterThan(600)
  }, 60_000)
})

describe('the size of a grammar', () => {
  const optional = (count: number): object => ({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`property${i}`, { type: 'string' }])),
  })

  // Writing out the combinations of n optional properties takes 2^n alternatives.
  it('grows with the number of optional properties, not of their combinations', () => {
    const sizes = [30, 60, 120].map(count => grammarFor(optional(count))!.length)
    expect(sizes[0]).toBeLessThan(6_000)
    expect(sizes[1]! / sizes[0]!).toBeLessThan(2.2)
    expect(sizes[2]! / sizes[1]!).toBeLessThan(2.2)
  })

  it('stays small for lengths of any size', () => {
    expect(grammarFor({ type: 'string', minLength: 123_456, maxLength: 987_654 })!.length).toBeLessThan(1_000)
  })

  it('shares one rule among all that say the same', () => {
    const date = { type: 'string', format: 'date' }
    const one = grammarFor({ type: 'object', properties: { a: date } })!
    const many = grammarFor({
      type: 'object',
      properties: Object.fromEntries([...'abcdefghij'].map(name => [name, date])),
    })!
    expect(many.length).toBeLessThan(one.length * 2)
  })
})

// A pattern whose texts are all longer than its far bound was drawn in to could not be satisfied.
it.each([
  ['a long beginning', { type: 'string', pattern: '^a{300}b*$', maxLength: 2083 }],
  ['lengths that are rare', { type: 'string', pattern: '^([a-z]{130})+$', minLength: 300, maxLength: 2083 }],
])('a far bound leaves texts with %s', (_, schema) => {
  const isValid = validatorOf(schema)
  const sampler = new GbnfSampler(grammarFor(schema)!)
  const random = new Random(1)
  const drawn = Array.from({ length: 5 }, () => sampler.draw(random))
  expect(drawn.filter(text => !isValid(JSON.parse(text)))).toEqual([])
})

describe('a hostile schema', () => {
  const nested = (depth: number): object => {
    let schema: object = { type: 'null' }
    for (let i = 0; i < depth; i++) schema = { type: 'array', items: schema }
    return schema
  }
  const chained = (count: number, link: (next: object) => object): object => ({
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `d${i}`,
        i === count - 1 ? { type: 'null' } : link({ $ref: `#/$defs/d${i + 1}` }),
      ]),
    ),
  })

  // Each of these once took minutes, gigabytes or the stack.
  it.each([
    ['nested too deep', nested(5_000)],
    ['of too many parts', { enum: Array.from({ length: 60_000 }, (_, i) => i) }],
    ['of a huge text', { const: 'x'.repeat(2_100_000) }],
    ['with an automaton of a million states', { type: 'string', pattern: '^(a|b)*a(a|b){20}$' }],
    ['with repetitions of repetitions', { type: 'string', pattern: '^((a{1,100}){1,100}b?){1,100}$' }],
    ['with repetitions of repetitions in a row', { type: 'string', pattern: `^${'(a?b?){50}'.repeat(50)}$` }],
    [
      'with many large classes that differ',
      { type: 'string', pattern: [...'LMNPSZC'].map(name => `(\\p{${name}}\\P{${name}}){1,90}`).join('') },
    ],
    [
      'with more combinations than atoms',
      { allOf: Array.from({ length: 60 }, (_, i) => ({ anyOf: [{ required: [`a${i}`] }, { required: [`b${i}`] }] })) },
    ],
    ['with a long chain of references', chained(5_000, next => ({ ...next, minLength: 1 }))],
    [
      'with large counts everywhere',
      {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 500 }, (_, i) => [`p${i}`, { type: 'string', maxLength: 900 + i }]),
        ),
      },
    ],
  ])('%s is refused soon', (_, schema) => {
    const start = process.cpuUsage().user
    expect(() => grammarFor(schema)).toThrow(Problem)
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(20_000)
  })

  it.each([
    ['a chain of plain references', chained(5_000, next => next)],
    ['references that fan out and meet again', chained(30, next => ({ anyOf: [next, next], allOf: [next, next] }))],
    ['150 levels of arrays', nested(150)],
    [
      '2,000 properties',
      {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`p${i}`, { type: 'null' }])),
      },
    ],
    ['an enum of 20,000 values', { enum: Array.from({ length: 20_000 }, (_, i) => `value ${i}`) }],
    [
      'a pattern of many alternatives',
      { type: 'string', pattern: `^(${Array.from({ length: 500 }, (_, i) => `word${i}`).join('|')})*$` },
    ],
  ])('%s is no reason to refuse', (_, schema) => {
    const start = process.cpuUsage().user
    expect(grammarFor(schema)).toContain('root ::=')
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(20_000)
  })
})

/** The judge itself overflows its stack on some circles of references. */
function validatorOrNothing(schema: object): ((value: unknown) => boolean) | undefined {
  try {
    return validatorOf(schema)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
