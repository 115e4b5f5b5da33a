import type { FieldProps, WidgetProps } from '@rjsf/utils'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { writtenNumber } from '../../../../forms/written-number.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { Choice } from '../../../ui/choice.tsx'
import { DateField } from '../../../ui/date/date-field.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { Select } from '../../../ui/select.tsx'
import { Hint, hintId, troubleId } from './hint.tsx'

const described = ({ id, schema, rawErrors = [] }: Pick<WidgetProps, 'id' | 'schema' | 'rawErrors'>) => {
  const said = [...(schema.description ? [hintId(id)] : []), ...(rawErrors.length > 0 ? [troubleId(id)] : [])]
  return { 'aria-invalid': rawErrors.length > 0, 'aria-describedby': said.join(' ') || undefined }
}

/** Words, or a number; it grows with what is in it. */
function TextWidget({ id, value, schema, required, disabled, readonly, onChange, ...rest }: WidgetProps) {
  const numeric = schema.type === 'number' || schema.type === 'integer'
  return (
    <textarea
      id={id}
      dir="auto"
      rows={1}
      value={value === undefined || value === null ? '' : String(value)}
      aria-required={required}
      disabled={disabled}
      readOnly={readonly}
      inputMode={numeric ? 'decimal' : undefined}
      onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
      onBlur={event => {
        const number = numeric ? writtenNumber(event.target.value) : undefined
        if (number !== undefined && typeof value === 'string') onChange(number)
      }}
      className={`${fieldLook} field-sizing-content max-h-80 w-full resize-none ${numeric ? 'tabular-nums' : ''}`}
      {...described({ id, schema, rawErrors: rest.rawErrors })}
    />
  )
}

function DayWidget({ id, value, schema, required, disabled, readonly, onChange, ...rest }: WidgetProps) {
  return (
    <DateField
      id={id}
      value={value === undefined || value === null ? '' : String(value)}
      aria-required={required}
      disabled={disabled}
      readOnly={readonly}
      onChange={next => onChange(next === '' ? undefined : next)}
      {...described({ id, schema, rawErrors: rest.rawErrors })}
    />
  )
}

function SelectWidget({ id, value, schema, options, required, disabled, readonly, onChange, ...rest }: WidgetProps) {
  const choices = (options.enumOptions ?? []).map(option => String(option.value))
  // While it is written, a choice is not whole yet.
  const known = value === undefined || choices.includes(String(value))
  return (
    <Select
      id={id}
      value={value === undefined ? '' : String(value)}
      aria-required={required}
      disabled={disabled || readonly}
      onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
      className="w-full"
      {...described({ id, schema, rawErrors: rest.rawErrors })}
    >
      <option value="" />
      {known ? null : <option value={String(value)}>{String(value)}</option>}
      {choices.map(choice => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </Select>
  )
}

function YesNoWidget({ id, value, schema, label, required, disabled, readonly, onChange, ...rest }: WidgetProps) {
  const { t } = useTranslation()
  const nothing = required ? '' : 'nothing'
  const chosen = value === true ? 'yes' : value === false ? 'no' : nothing
  const said = described({ id, schema, rawErrors: rest.rawErrors })
  return (
    <Choice
      label={label}
      value={chosen as string}
      choices={[
        { value: 'yes', label: t('forms.yes') },
        { value: 'no', label: t('forms.no') },
        ...(required ? [] : [{ value: 'nothing', label: t('forms.neither') }]),
      ]}
      disabled={disabled || readonly}
      invalid={said['aria-invalid']}
      describedBy={said['aria-describedby']}
      onChange={next => onChange(next === 'nothing' ? undefined : next === 'yes')}
    />
  )
}

export const widgets = {
  text: TextWidget,
  TextWidget,
  day: DayWidget,
  select: SelectWidget,
  SelectWidget,
  yesNo: YesNoWidget,
}

/** A value that fields cannot say, as JSON. What is no JSON yet stays as it is typed. */
export function JsonField(props: FieldProps) {
  const { fieldPathId, title, formData, schema, required, disabled, readonly, onChange } = props
  const { t } = useTranslation()
  const trouble = useId()
  const own = formData === undefined ? '' : JSON.stringify(formData, null, 2)
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? own
  const broken = typed !== null && parsed(typed) === undefined && typed.trim() !== ''
  return (
    <div className="grid grid-cols-1 gap-1">
      <label htmlFor={fieldPathId.$id} className={schema.title ? 'text-small break-words text-soft' : 'sr-only'}>
        {schema.title ?? title}
      </label>
      <Hint id={fieldPathId.$id} text={schema.description} />
      <textarea
        id={fieldPathId.$id}
        rows={2}
        spellCheck={false}
        value={text}
        aria-required={required}
        aria-invalid={broken}
        aria-describedby={
          [...(schema.description ? [hintId(fieldPathId.$id)] : []), ...(broken ? [trouble] : [])].join(' ') ||
          undefined
        }
        disabled={disabled}
        readOnly={readonly}
        onChange={event => {
          setTyped(event.target.value)
          const value = parsed(event.target.value)
          if (value !== undefined || event.target.value.trim() === '') onChange(value, fieldPathId.path)
        }}
        onBlur={() => broken || setTyped(null)}
        className={`${fieldLook} field-sizing-content max-h-80 w-full resize-none font-mono text-small`}
      />
      {broken ? (
        <p id={trouble} role="alert" className="text-tiny text-rose">
          {t('forms.notJson' satisfies TextKey)}
        </p>
      ) : null}
    </div>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
