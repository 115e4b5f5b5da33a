import { expect, test } from 'vitest'
import { inWrittenOrder, objectOf, parseInOrder } from '../../../../main/go/json/key-order.ts'
import { Assembly, portions } from '../../../../main/threads/portions.ts'
import { fc } from '../../../properties.ts'

/** Objects within lists and objects, with keys that JavaScript sorts. */
const { text: nested } = fc.letrec<{ text: string }>(tie => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer().map(String),
    fc.array(tie('text'), { maxLength: 3 }).map(items => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(fc.nat(30).map(String), tie('text')), { selector: ([key]) => key, maxLength: 4 })
      .map(members => `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`),
  ),
}))

const keys = fc.uniqueArray(fc.oneof(fc.string(), fc.nat().map(String), fc.constant('__proto__')))

test('whatever the keys, an object is told in the order it was written in', () => {
  fc.assert(
    fc.property(keys, names => {
      const text = `{${names.map(name => `${JSON.stringify(name)}:[1]`).join(',')}}`
      expect(JSON.stringify(inWrittenOrder(parseInOrder(text) as object))).toBe(text)
    }),
  )
})

test('so are all objects within it, ten levels down, too', () => {
  fc.assert(
    fc.property(nested, text => {
      const deep = `{"1":${'[{"b":1,"0":'.repeat(10)}${text}${'}]'.repeat(10)},"0":1}`
      expect(JSON.stringify(inWrittenOrder(parseInOrder(deep) as object))).toBe(deep)
    }),
  )
})

test('a key that comes again keeps its first place', () => {
  const object = objectOf([
    ['a', 1],
    ['2', 2],
    ['1', 3],
    ['2', 4],
  ])
  expect(JSON.stringify(inWrittenOrder(object))).toBe('{"a":1,"2":4,"1":3}')
})

test('the order crosses to another thread', () => {
  const written = '{"10":1,"9":{"b":[1]},"a":2}'
  const assembly = new Assembly()
  for (const portion of portions([{ call: parseInOrder(written) }])) assembly.add(structuredClone(portion))
  const [{ call }] = assembly.value as [{ call: object }]
  expect(JSON.stringify(inWrittenOrder(call))).toBe(written)
})

test('numbers are JSON.parse’s, beyond a double too', () => {
  expect(parseInOrder('{"1":1e999,"0":-0}')).toEqual({ 1: Number.POSITIVE_INFINITY, 0: -0 })
})
