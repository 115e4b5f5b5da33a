import { describe, expect, test } from 'vitest'
import type { Json } from '../../../forms/field.ts'
import { PartialJson } from '../../../forms/partial-json.ts'
import { fc } from '../../properties.ts'

const read = (...pieces: string[]) => {
  const reader = new PartialJson()
  for (const piece of pieces) reader.push(piece)
  return reader
}

/** Objects and lists, as answers are; with keys that JavaScript treats specially. */
const containers = fc.oneof(
  fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 4 }),
  fc.dictionary(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '0', '')),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 4 },
  ),
) as fc.Arbitrary<Json>

const written = fc.tuple(containers, fc.constantFrom(undefined, 2), fc.boolean()).map(([value, indent, escaped]) => {
  const text = JSON.stringify(value, null, indent)
  return escaped
    ? text.replace(/[^\x20-\x7e\n]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text
})

/** Whether `part` may be what is known of `whole` at some moment: nothing in it is ever taken back but a number. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part)
  if (typeof part === 'number') return typeof whole === 'number'
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length <= whole.length && part.every((item, index) => isPartOf(item, whole[index]))
    )
  }
  if (typeof part === 'object' && part !== null) {
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return false
    const keys = Object.keys(part)
    return keys.every(key => Object.hasOwn(whole, key) && isPartOf((part as never)[key], (whole as never)[key]))
  }
  return part === whole
}

describe('the reader of JSON being written', () => {
  // A single state that forgets something between two pieces would break one of these cuts.
  test('reads any JSON as JSON.parse does, however it is cut, and shows only what is true on the way', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const places = [...new Set([0, text.length, ...cuts.map(cut => cut % (text.length + 1))])].sort((a, b) => a - b)
        const whole = JSON.parse(text) as unknown
        const reader = new PartialJson()
        for (const [index, end] of places.entries()) {
          reader.push(text.slice(places[index - 1] ?? 0, end))
          const { value } = reader
          if (value !== undefined && !isPartOf(value, whole)) return false
        }
        expect(reader.complete).toBe(true)
        expect(JSON.stringify(reader.value)).toBe(JSON.stringify(whole))
        return true
      }),
    )
  })

  // The field that is being written is marked in the form: a path to nowhere would mark none, or another.
  test('says at every character where the writer is', () => {
    fc.assert(
      fc.property(written, text => {
        const whole = JSON.parse(text) as unknown
        const reader = new PartialJson()
        for (const char of text) {
          reader.push(char)
          let place = whole
          for (const step of reader.path) {
            if (typeof place !== 'object' || place === null) return false
            // An index one past the end is an item that is not there yet; only an empty list has such a place.
            if (Array.isArray(place) && place.length === 0 && step === 0) break
            if (!Object.hasOwn(place, step)) return false
            place = (place as never)[step]
          }
        }
        return true
      }),
    )
  })

  test.each([
    ['{"shop": "Bäck', { shop: 'Bäck' }, ['shop']],
    ['{"shop": "Bäckerei", "tot', { shop: 'Bäckerei' }, ['shop']],
    ['{"total": 23.', { total: 23 }, ['total']],
    ['{"total": -', {}, ['total']],
    ['{"total": 1e', { total: 1 }, ['total']],
    ['{"paid": tr', {}, ['paid']],
    ['{"items": [{"count": 2}, {"count"', { items: [{ count: 2 }, {}] }, ['items', 1, 'count']],
    ['{"items": ["a", "b"], ', { items: ['a', 'b'] }, ['items']],
    ['{"face": "\\ud83d', { face: '' }, ['face']],
    ['{"face": "\\ud83d\\ude0', { face: '' }, ['face']],
    ['```json\n{"a": 1}\n``` and more', { a: 1 }, []],
    ['Here it is', undefined, []],
  ])('%s', (text, value, path) => {
    const reader = read(text)
    expect(reader.value).toEqual(value)
    expect(reader.path.slice(0, path.length)).toEqual(path)
    expect(reader.broken).toBe(false)
  })

  test.each(['{"a" 1}', '{,}', '[1,]', '{"a": truth}', '{"a": 1.2.3}', '[}', '{"a": "\\uzzzz"}', '{"a":1,}'])(
    'keeps what was known before it broke: %s',
    text => {
      const reader = read(text, '"more": 2}')
      expect(reader.broken).toBe(true)
      expect(reader.complete).toBe(false)
      expect(() => JSON.stringify(reader.value)).not.toThrow()
    },
  )

  test('a value given out does not change while more is read', () => {
    const reader = read('{"items": ["a"')
    const before = reader.value
    reader.push(', "b"]}')
    expect(before).toEqual({ items: ['a'] })
  })

  // A reader that began anew with every piece would look at each character as often as there are pieces.
  test('takes in a long answer character by character', () => {
    const text = JSON.stringify({ notes: Array.from({ length: 20_000 }, (_, index) => `line ${index}`) })
    const reader = new PartialJson()
    for (const char of text) reader.push(char)
    expect(reader.value).toEqual(JSON.parse(text))
  })
})
