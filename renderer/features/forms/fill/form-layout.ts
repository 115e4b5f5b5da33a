import type { UiSchema } from '@rjsf/utils'
import { type Field, fieldName, innerFields, type JsonObject, type Shape } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import { drawnKey } from './drawn-keys.ts'

/** Columns a list of groups may have to be drawn as a table. */
const mostColumns = 4

/** How a form is drawn: what JSON schema does not say. */
export function layoutOf(fields: readonly Field[]): UiSchema {
  return Object.fromEntries(fields.map(({ key, shape }) => [drawnKey(key), shapeLayout(shape)]))
}

function shapeLayout(shape: Shape): UiSchema {
  switch (shape.kind) {
    case 'group':
      return layoutOf(shape.fields)
    case 'list': {
      const table = isTable(shape.item)
      return {
        'ui:options': { table: table ? innerFields(shape.item).length : 0, copyable: false },
        items: { ...shapeLayout(shape.item), ...(table ? { 'ui:options': { row: true } } : {}) },
      }
    }
    case 'yes-no':
      return { 'ui:widget': 'yesNo' }
    case 'date':
      return shape.form === 'date' ? { 'ui:widget': 'day' } : { 'ui:widget': 'text' }
    case 'choice':
      return { 'ui:widget': 'select' }
    case 'other':
      return { 'ui:field': 'json' }
    case 'text':
    case 'number':
      return { 'ui:widget': 'text' }
  }
}

function isTable(item: Shape): boolean {
  const inner = innerFields(item)
  const plain = inner.every(({ shape: { kind } }) => kind !== 'list' && kind !== 'group' && kind !== 'other')
  return item.kind === 'group' && plain && inner.length <= mostColumns
}

/** The schema the form is drawn from: parts it cannot draw hold anything there, and are judged apart. */
export const drawnSchema = (fields: readonly Field[]): JsonObject => inputSchema(fields.map(drawnField))

const drawnField = (field: Field): Field => ({
  ...field,
  key: drawnKey(field.key),
  title: fieldName(field),
  shape: drawable(field.shape),
})

function drawable(shape: Shape): Shape {
  // Where nothing at all is said, as of an entry of a list, nothing would be drawn.
  if (shape.kind === 'other') return { kind: 'other', schema: { $comment: 'anything' } }
  if (shape.kind === 'list') return { ...shape, item: drawable(shape.item) }
  return shape.kind === 'group' ? { ...shape, fields: shape.fields.map(drawnField) } : shape
}
