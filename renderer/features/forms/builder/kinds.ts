import {
  BracesIcon,
  CalendarIcon,
  GroupIcon,
  HashIcon,
  ListChecksIcon,
  ListIcon,
  type LucideIcon,
  ToggleLeftIcon,
  TypeIcon,
} from 'lucide-react'
import type { Field, Kind, Shape } from '../../../../forms/field.ts'
import type { TextKey } from '../../../i18n/texts.ts'

/** What a field can be, in the order it is offered. */
export const kinds: readonly { readonly kind: Kind; readonly name: TextKey; readonly icon: LucideIcon }[] = [
  { kind: 'text', name: 'forms.text', icon: TypeIcon },
  { kind: 'number', name: 'forms.number', icon: HashIcon },
  { kind: 'yes-no', name: 'forms.yesNo', icon: ToggleLeftIcon },
  { kind: 'choice', name: 'forms.choice', icon: ListChecksIcon },
  { kind: 'date', name: 'forms.date', icon: CalendarIcon },
  { kind: 'list', name: 'forms.list', icon: ListIcon },
  { kind: 'group', name: 'forms.group', icon: GroupIcon },
]

/** A part of a pasted schema; nobody chooses it. */
export const otherKind = { kind: 'other', name: 'forms.other', icon: BracesIcon } as const

export const kindOf = (kind: Kind) => kinds.find(known => known.kind === kind) ?? otherKind

/** A shape to begin with. What the one before can give to it, it keeps. */
export function shapeOf(kind: Kind, before?: Shape): Shape {
  switch (kind) {
    case 'text':
    case 'yes-no':
      return { kind }
    case 'number':
      return { kind, whole: false }
    case 'choice':
      return { kind, choices: [''] }
    case 'date':
      return { kind, form: 'date' }
    case 'list':
      return { kind, item: before && before.kind !== 'list' ? before : { kind: 'text' } }
    case 'group':
      return {
        kind,
        fields: before?.kind === 'list' && before.item.kind === 'group' ? before.item.fields : [newField()],
      }
    case 'other':
      return { kind, schema: {} }
  }
}

export const newField = (): Field => ({ key: '', required: false, shape: { kind: 'text' } })
