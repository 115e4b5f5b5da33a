import { beforeAll, describe, expect, it } from 'vitest'
import { grammarFor } from '../../../main/inference/grammar/format.ts'
import { cases, Text } from '../../unit/inference/grammar/cases.ts'
import { grammarOrProblem } from '../../unit/inference/grammar/judge.ts'
import { Random } from '../../unit/inference/grammar/random.ts'
import { randomSchema } from '../../unit/inference/grammar/random-schema.ts'
import { type RealParser, startParser } from './real-parser.ts'

let parser: RealParser
beforeAll(async () => {
  parser = await startParser()
})

const json = (value: unknown): string => (value instanceof Text ? value.json : JSON.stringify(value))

// A constraint that is lost, or one that shuts out what it should let pass.
describe.each(cases)('$name', ({ schema, accepts, refuses }) => {
  it('gives a grammar that llama.cpp reads and that lets exactly the right answers pass', async () => {
    const matches = await parser.matcher(grammarFor(schema)!)
    expect(accepts.map(json).filter(text => !matches(text))).toEqual([])
    expect(refuses.map(json).filter(matches)).toEqual([])
  })
})

describe('the "json" format', () => {
  it('is any object and nothing else, as with json.gbnf', async () => {
    const matches = await parser.matcher(grammarFor('json')!)
    expect(['{}', '{"a": [1, {"b": null}],\n "c": "x"}'].filter(text => !matches(text))).toEqual([])
    expect(['[]', '1', '"a"', '{} ', '{"a":1', ''].filter(matches)).toEqual([])
  })
})

// llama.cpp's parser refuses what it does not know: escapes, large repetitions, left recursion, undefined rules.
it('gives grammars that llama.cpp reads, whatever the schema', async () => {
  let written = 0
  for (let seed = 10_000; seed < 10_400; seed++) {
    const grammar = grammarOrProblem(randomSchema(new Random(seed)))
    if (grammar === undefined) continue
    await expect(parser.matcher(grammar), `seed ${seed}`).resolves.toBeTypeOf('function')
    written++
  }
  expect(written).toBeGreaterThan(200)
})

it.each([
  [
    '3,000 optional properties',
    { properties: Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`p${i}`, {}])) },
  ],
  ['an automaton of thousands of states', { type: 'string', format: 'email', maxLength: 300 }],
  ['counts of a million', { type: 'array', items: { type: 'string', maxLength: 1_000_000 }, maxItems: 1_000_000 }],
  ['references that fan out', { $ref: '#/$defs/d0', $defs: fan(20) }],
])('gives a grammar of %s that llama.cpp reads soon', async (_, schema) => {
  const grammar = grammarFor(schema)!
  const start = process.cpuUsage().user
  await parser.matcher(grammar)
  expect((process.cpuUsage().user - start) / 1000).toBeLessThan(3_000)
})

/** llama.cpp's check for left recursion walks every way: rules that fan out and meet again took it for ever. */
function fan(depth: number): object {
  const levels = Array.from({ length: depth }, (_, i) => {
    const next = { $ref: `#/$defs/d${i + 1}` }
    return [`d${i}`, { anyOf: [next, { $ref: `#/$defs/e${i + 1}` }] }] as const
  })
  const twins = levels.map(([name, schema]) => [name.replace('d', 'e'), schema] as const)
  const last = { type: 'object', properties: { deep: { $ref: '#/$defs/d0' } } }
  return Object.fromEntries([...levels, ...twins, [`d${depth}`, last], [`e${depth}`, { type: 'null' }]])
}
