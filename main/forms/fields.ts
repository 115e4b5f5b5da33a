import { countFields, depthOf, type Field, innerFields, limits } from '../../forms/field.ts'
import { Problem } from '../problem.ts'

/**
 * Fields that an answer can be bound by. Their single values the bridge has checked.
 * @throws Problem `invalid-form`
 */
export function checkFields(fields: readonly Field[]): void {
  if (countFields(fields) > limits.fields) throw invalid(`more than ${limits.fields} fields`)
  if (depthOf(fields) > limits.depth) throw invalid(`groups and lists more than ${limits.depth} deep`)
  checkKeys(fields)
}

function checkKeys(fields: readonly Field[]): void {
  const keys = new Set<string>()
  for (const { key, shape } of fields) {
    if (keys.has(key)) throw invalid(`two fields are called ${key}`)
    keys.add(key)
    checkOther(shape)
    checkKeys(innerFields(shape))
  }
}

function checkOther(shape: Field['shape']): void {
  if (shape.kind === 'list') checkOther(shape.item)
  if (shape.kind === 'other' && JSON.stringify(shape.schema).length > limits.otherSchema) {
    throw invalid('a part of the schema is too large')
  }
}

const invalid = (reason: string) => new Problem('invalid-form', 400, reason)
