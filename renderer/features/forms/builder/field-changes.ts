import { type Field, fieldName, innerFields, type Shape } from '../../../../forms/field.ts'
import type { TextKey } from '../../../i18n/texts.ts'

/** What keeps a field from being asked for. */
export type FieldTrouble = Extract<
  TextKey,
  'forms.nameMissing' | 'forms.nameTaken' | 'forms.choiceMissing' | 'forms.limitsCrossed' | 'forms.noFields'
>

/**
 * Names a field. Its key in the answers follows, unless rows have answers under the old one: then the name alone
 * changes.
 * @param keepKey rows have answers
 */
export function renamed(field: Field, name: string, keepKey: boolean): Field {
  if (keepKey && field.key !== '') return { ...field, title: name }
  const { title: _, ...rest } = field
  return { ...rest, key: name }
}

/** Moves an item of a list by one place; at its end it stays. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const item = list[index]
  const to = index + by
  if (item === undefined || to < 0 || to >= list.length) return [...list]
  return list.toSpliced(index, 1).toSpliced(to, 0, item)
}

/** What is wrong with a field among its neighbours; what lies inside it is not looked at. */
export function troubleOf(field: Field, neighbours: readonly Field[]): FieldTrouble | null {
  if (fieldName(field).trim() === '') return 'forms.nameMissing'
  const same = (other: Field) => other !== field && (other.key === field.key || fieldName(other) === fieldName(field))
  if (neighbours.some(same)) return 'forms.nameTaken'
  return shapeTrouble(field.shape)
}

function shapeTrouble(shape: Shape): FieldTrouble | null {
  const crossed = (least: number | undefined, most: number | undefined) =>
    least !== undefined && most !== undefined && least > most
  if (shape.kind === 'choice' && shape.choices.every(choice => choice.trim() === '')) return 'forms.choiceMissing'
  if (shape.kind === 'number' && crossed(shape.minimum, shape.maximum)) return 'forms.limitsCrossed'
  if (shape.kind === 'text' && crossed(shape.minLength, shape.maxLength)) return 'forms.limitsCrossed'
  if (shape.kind === 'list') {
    return crossed(shape.minItems, shape.maxItems) ? 'forms.limitsCrossed' : shapeTrouble(shape.item)
  }
  return shape.kind === 'group' && shape.fields.length === 0 ? 'forms.noFields' : null
}

/** Whether all fields can be asked for, those inside others included. */
export function areSound(fields: readonly Field[]): boolean {
  return fields.every(field => troubleOf(field, fields) === null && areSound(innerFields(field.shape)))
}

/** Fields as they are kept: names without spaces around them, choices without empty and double ones. */
export function tidied(fields: readonly Field[]): Field[] {
  return fields.map(field => ({
    ...field,
    key: field.key.trim(),
    ...(field.title === undefined ? {} : { title: field.title.trim() }),
    shape: tidiedShape(field.shape),
  }))
}

function tidiedShape(shape: Shape): Shape {
  if (shape.kind === 'group') return { ...shape, fields: tidied(shape.fields) }
  if (shape.kind === 'list') return { ...shape, item: tidiedShape(shape.item) }
  if (shape.kind !== 'choice') return shape
  return { ...shape, choices: [...new Set(shape.choices.map(choice => choice.trim()))].filter(choice => choice !== '') }
}
