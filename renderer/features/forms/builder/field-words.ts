import type { TFunction } from 'i18next'
import type { Field, Shape } from '../../../../forms/field.ts'
import { kindOf } from './kinds.ts'

/** What a field is, in a few words: "number, required". */
export function fieldWords({ shape, required }: Field, t: TFunction): string {
  const words = shapeWords(shape, t)
  return required ? `${words} · ${t('forms.requiredShort')}` : words
}

function shapeWords(shape: Shape, t: TFunction): string {
  const count = shape.kind === 'choice' ? shape.choices.filter(choice => choice.trim() !== '').length : 0
  if (count > 0) return t('forms.oneOf', { count })
  if (shape.kind === 'group') return t('forms.fieldCount', { count: shape.fields.length })
  if (shape.kind === 'number' && shape.whole) return t('forms.wholeNumber')
  if (shape.kind === 'list') {
    const { item } = shape
    return item.kind === 'group'
      ? t('forms.listOfGroups', { count: item.fields.length })
      : t('forms.listOf', { what: shapeWords(item, t) })
  }
  return t(kindOf(shape.kind).name)
}
