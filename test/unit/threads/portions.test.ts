import { describe, expect, test } from 'vitest'
import { Assembly, type Portion, portions } from '../../../main/threads/portions.ts'
import { fc } from '../../properties.ts'

/** As a portion arrives on the other side of a thread's port. */
const across = (portion: Portion): Portion => structuredClone(portion)

function reassembled(value: unknown): { value: unknown; sizes: number[] } {
  const assembly = new Assembly()
  const sizes: number[] = []
  for (const portion of portions(value)) {
    sizes.push(JSON.stringify(portion.items).length)
    assembly.add(across(portion))
  }
  return { value: assembly.value, sizes }
}

test('whatever the value, it comes out as it went in', () => {
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(undefined), fc.uint8Array())
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof({ depthSize: 'medium' }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
  }))
  fc.assert(
    fc.property(tree, value => {
      expect(reassembled(value).value).toEqual(value)
    }),
  )
})

describe('a value too large for one portion', () => {
  const message = (index: number) => ({ role: 'user', content: `message ${index}` })
  test.each<[string, unknown]>([
    ['many messages', { model: 'm', messages: Array.from({ length: 20_000 }, (_, index) => message(index)), after: 1 }],
    ['long lists in long lists', Array.from({ length: 3000 }, () => Array.from({ length: 20 }, Number))],
    [
      'an object of many keys',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, [index]])),
    ],
    [
      'two long lists in one message',
      [{ a: Array.from({ length: 6000 }, Number), b: Array.from({ length: 6000 }, String) }],
    ],
    ['long texts', Array.from({ length: 100 }, (_, index) => String(index).repeat(100_000))],
  ])('%s: each portion is small, and the whole is the same', (_, value) => {
    const { value: again, sizes } = reassembled(value)
    expect(again).toEqual(value)
    expect(sizes.length).toBeGreaterThan(1)
    // Main would be held up by a portion with all of it.
    expect(Math.max(...sizes)).toBeLessThan(2_000_000)
  })

  test('nested ten thousand deep, it does not end the stack of who takes it', () => {
    let deep: unknown = 'end'
    for (let depth = 0; depth < 10_000; depth++) deep = depth % 2 ? [deep] : { a: deep }
    let { value } = reassembled(deep)
    for (let depth = 10_000; depth-- > 0; ) value = depth % 2 ? (value as [unknown])[0] : (value as { a: unknown }).a
    expect(value).toBe('end')
  })

  test('keeps the order of keys, and a key that is called __proto__', () => {
    const text = `{"z":1,"__proto__":[${Array.from({ length: 5000 }, () => 1)}],"a":2}`
    expect(JSON.stringify(reassembled(JSON.parse(text)).value)).toBe(text)
    const long = `{${Array.from({ length: 5000 }, (_, index) => `"x${index}":0`)},"__proto__":{"polluted":true}}`
    const { value } = reassembled(JSON.parse(long))
    expect(JSON.stringify(value)).toBe(long)
    expect((value as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
