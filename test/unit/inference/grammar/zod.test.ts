import { expect, it } from 'vitest'
import { z } from 'zod'
import { grammarFor } from '../../../../main/inference/grammar/format.ts'
import { GbnfSampler } from './gbnf-sampler.ts'
import { Random } from './random.ts'

const tree = z.object({
  name: z.string(),
  get children() {
    return z.array(tree)
  },
})

// What programs ask for is mostly written by a library, and read by it again: each answer must pass there.
it.each<[string, z.ZodType, Parameters<typeof z.toJSONSchema>[1]?]>([
  [
    'objects',
    z.strictObject({ a: z.string(), b: z.int().positive().optional(), c: z.array(z.boolean()).min(1).max(3) }),
  ],
  ['open objects', z.looseObject({ a: z.literal('x') })],
  ['a catch-all', z.object({ a: z.string() }).catchall(z.number())],
  ['addresses', z.object({ a: z.email(), b: z.url(), c: z.ipv4(), d: z.ipv6(), e: z.cidrv4() })],
  ['names', z.object({ a: z.uuid(), b: z.cuid2(), c: z.ulid(), d: z.nanoid(), e: z.e164(), f: z.hash('md5') })],
  ['times', z.object({ a: z.iso.date(), b: z.iso.time(), c: z.iso.datetime({ offset: true }), d: z.iso.duration() })],
  ['base64', z.object({ a: z.base64(), b: z.base64url(), c: z.hex() })],
  ['numbers', z.object({ a: z.int32(), b: z.uint32(), c: z.number().gt(1).lt(2), d: z.number().multipleOf(3) })],
  ['affixes', z.object({ a: z.string().startsWith('ab').endsWith('yz').min(5).max(9), b: z.string().includes('mid') })],
  ['letters of any language', z.object({ a: z.string().regex(/^\p{L}[\p{L} '-]*$/u) })],
  ['templates', z.templateLiteral(['id-', z.number(), z.enum(['px', 'em'])])],
  ['tuples', z.tuple([z.string(), z.number().nullable()]).rest(z.boolean())],
  ['tuples of draft 7', z.tuple([z.string(), z.number()]), { target: 'draft-7' }],
  ['nullable of OpenAPI', z.object({ a: z.number().gt(3).nullable() }), { target: 'openapi-3.0' }],
  ['records', z.record(z.string().regex(/^k\d+$/), z.boolean())],
  ['records of names', z.record(z.enum(['x', 'y']), z.number())],
  ['unions', z.union([z.string(), z.int(), z.array(z.null()), z.object({ a: z.literal([1, 'b', true]) })])],
  [
    'told apart by a tag',
    z.discriminatedUnion('t', [z.object({ t: z.literal('a'), v: z.string() }), z.object({ t: z.enum(['b', 'c']) })]),
  ],
  ['intersections', z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))],
  ['recursion', tree],
  ['any JSON', z.json()],
  ['what is optional', z.object({ a: z.string().nullish(), b: z.number().default(3) }), { io: 'input' }],
])('answers to a schema of Zod pass it: %s', (_, schema, options) => {
  const sampler = new GbnfSampler(grammarFor(z.toJSONSchema(schema, options))!)
  const random = new Random(3)
  const drawn = Array.from({ length: 60 }, () => sampler.draw(random, random.between(0, 120)))
  expect(drawn.filter(text => !schema.safeParse(JSON.parse(text)).success)).toEqual([])
})
