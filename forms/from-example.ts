import { type Field, type Json, type JsonObject, limits, type Shape } from './field.ts'
import { PasteTrouble } from './paste-trouble.ts'
import { isObject } from './schema-reference.ts'

const dateTexts = [
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['date-time', /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/],
  ['time', /^\d\d:\d\d(:\d\d)?$/],
] as const

/**
 * The fields of an example, or of several examples of one thing (a list of objects): what all of them have is required.
 * @throws PasteTrouble
 */
export function fieldsFromExample(example: Json): Field[] {
  const samples = Array.isArray(example) && example.length > 0 && example.every(isObject) ? example : [example]
  const fields = samples.every(isObject)
    ? fieldsOf(samples, 0)
    : Array.isArray(example)
      ? [{ key: 'items', required: true, shape: shapeOf([example], 0) }]
      : []
  if (fields.length === 0) throw new PasteTrouble('no-fields')
  return fields
}

function fieldsOf(samples: readonly JsonObject[], depth: number): Field[] {
  const keys = [...new Set(samples.flatMap(sample => Object.keys(sample)))]
  if (keys.length > limits.fields) throw new PasteTrouble('too-many')
  return keys.map(key => {
    if (key.trim() === '' || key.length > limits.name) throw new PasteTrouble('bad-name', key.slice(0, 50))
    const values = samples.map(sample => (Object.hasOwn(sample, key) ? sample[key] : undefined))
    const known = values.filter(value => value !== undefined && value !== null) as Json[]
    return { key, required: known.length === values.length, shape: shapeOf(known, depth) }
  })
}

/** What all of these values are; a text, where they differ. */
function shapeOf(values: readonly Json[], depth: number): Shape {
  if (depth > limits.depth) throw new PasteTrouble('too-deep')
  if (values.length === 0) return { kind: 'text' }
  if (values.every(value => typeof value === 'boolean')) return { kind: 'yes-no' }
  // Not whole, whatever the example: 12 may be a price.
  if (values.every(value => typeof value === 'number')) return { kind: 'number', whole: false }
  if (values.every(Array.isArray)) {
    const items = (values as Json[][]).flat().filter(item => item !== null)
    return { kind: 'list', item: shapeOf(items, depth + 1) }
  }
  if (values.every(isObject)) {
    const fields = fieldsOf(values, depth + 1)
    return fields.length > 0 ? { kind: 'group', fields } : { kind: 'other', schema: { type: 'object' } }
  }
  const form = dateTexts.find(([, looks]) => values.every(value => typeof value === 'string' && looks.test(value)))
  return form ? { kind: 'date', form: form[0] } : { kind: 'text' }
}
