import { type ComponentType, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Kind, limits, type Shape } from '../../../../forms/field.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { Choice } from '../../../ui/choice.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { Select } from '../../../ui/select.tsx'
import type { FieldListProps } from './field-list-props.ts'
import { kinds, otherKind, shapeOf } from './kinds.ts'
import { NumberInput } from './number-input.tsx'

interface Props {
  shape: Shape
  depth: number
  list: ComponentType<FieldListProps>
  keepKeys: boolean
  /** Of the items of a list. */
  item?: boolean
  onChange: (change: (shape: Shape) => Shape) => void
}

/** What kind of value it is, and the limits of that kind. */
export function ShapeEditor({ shape, depth, list, keepKeys, item = false, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  // No deeper than a form may be; a list of lists is more than a person wants.
  const offered = kinds.filter(({ kind }) => {
    if (kind === shape.kind) return true
    return (kind !== 'list' || !item) && (depth < limits.depth - 1 || (kind !== 'list' && kind !== 'group'))
  })
  return (
    <>
      <div className="grid grid-cols-1 gap-1">
        <label htmlFor={id} className="text-small text-soft">
          {t(item ? 'forms.itemKind' : 'forms.kind')}
        </label>
        <Select
          id={id}
          value={shape.kind}
          onChange={event => onChange(before => shapeOf(event.target.value as Kind, before))}
        >
          {[...offered, ...(shape.kind === 'other' ? [otherKind] : [])].map(({ kind, name }) => (
            <option key={kind} value={kind}>
              {t(name)}
            </option>
          ))}
        </Select>
      </div>
      <Limits shape={shape} depth={depth} list={list} keepKeys={keepKeys} onChange={onChange} />
    </>
  )
}

function Limits({ shape, depth, list: FieldList, keepKeys, onChange }: Props) {
  const { t } = useTranslation()
  /** Changes a shape that is still of the kind that is drawn. */
  const change = <K extends Kind>(kind: K, to: Partial<Extract<Shape, { kind: K }>>) =>
    onChange(before => (before.kind === kind ? ({ ...before, ...to } as Shape) : before))
  switch (shape.kind) {
    case 'text':
      return (
        <Range
          labels={['forms.minLength', 'forms.maxLength']}
          values={[shape.minLength, shape.maxLength]}
          count
          onChange={([minLength, maxLength]) => change('text', { minLength, maxLength })}
        />
      )
    case 'number':
      return (
        <>
          <Choice
            label={t('forms.numberKind')}
            value={shape.whole ? 'whole' : 'any'}
            choices={[
              { value: 'any', label: t('forms.anyNumber') },
              { value: 'whole', label: t('forms.wholeNumber') },
            ]}
            onChange={value => change('number', { whole: value === 'whole' })}
          />
          <Range
            labels={['forms.minimum', 'forms.maximum']}
            values={[shape.minimum, shape.maximum]}
            onChange={([minimum, maximum]) => change('number', { minimum, maximum })}
          />
        </>
      )
    case 'choice':
      return <Choices choices={shape.choices} onChange={choices => change('choice', { choices })} />
    case 'date':
      return (
        <Choice
          label={t('forms.dateKind')}
          value={shape.form}
          choices={[
            { value: 'date', label: t('forms.day') },
            { value: 'date-time', label: t('forms.dayAndTime') },
            { value: 'time', label: t('forms.time') },
          ]}
          onChange={form => change('date', { form })}
        />
      )
    case 'list':
      return (
        <>
          <ShapeEditor
            shape={shape.item}
            depth={depth + 1}
            list={FieldList}
            keepKeys={keepKeys}
            item
            onChange={inner =>
              onChange(before => (before.kind === 'list' ? { ...before, item: inner(before.item) } : before))
            }
          />
          <Range
            labels={['forms.minItems', 'forms.maxItems']}
            values={[shape.minItems, shape.maxItems]}
            count
            onChange={([minItems, maxItems]) => change('list', { minItems, maxItems })}
          />
        </>
      )
    case 'group':
      return (
        <FieldList
          label={t('forms.fieldsInside')}
          fields={shape.fields}
          depth={depth + 1}
          keepKeys={keepKeys}
          onChange={inner =>
            onChange(before => (before.kind === 'group' ? { ...before, fields: inner(before.fields) } : before))
          }
        />
      )
    case 'other':
      return (
        <div>
          <p className="pb-1.5 text-tiny text-faint">{t('forms.otherHint')}</p>
          <pre className="max-h-40 overflow-auto rounded-small bg-sunk p-2.5 font-mono text-tiny whitespace-pre-wrap text-soft">
            {JSON.stringify(shape.schema, null, 2)}
          </pre>
        </div>
      )
    case 'yes-no':
      return null
  }
}

type Bounds = readonly [number | undefined, number | undefined]

function Range({
  labels: [least, most],
  values: [from, until],
  count = false,
  onChange,
}: {
  labels: readonly [TextKey, TextKey]
  values: Bounds
  /** It counts something: whole and not below nothing. */
  count?: boolean
  onChange: (values: Bounds) => void
}) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <NumberInput label={least} value={from} count={count} onChange={value => onChange([value, until])} />
      <NumberInput label={most} value={until} count={count} onChange={value => onChange([from, value])} />
    </div>
  )
}

/** One choice a line. */
function Choices({ choices, onChange }: { choices: readonly string[]; onChange: (choices: string[]) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="grid grid-cols-1 gap-1">
      <label htmlFor={id} className="text-small text-soft">
        {t('forms.choices')}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={3}
        value={choices.join('\n')}
        placeholder={t('forms.choicesPlaceholder')}
        onChange={event =>
          onChange(
            event.target.value
              .split('\n')
              .slice(0, limits.choices)
              .map(choice => choice.slice(0, limits.choice)),
          )
        }
        className={`${fieldLook} field-sizing-content max-h-60 min-h-20 resize-none`}
      />
    </div>
  )
}
