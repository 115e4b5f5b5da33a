import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
} from '@rjsf/utils'
import { getUiOptions } from '@rjsf/utils'
import { PlusIcon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { sentences } from '../../../i18n/format.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ContestedNote } from './contested.tsx'
import { Hint, hintId, troubleId } from './hint.tsx'
import { useIsLive } from './live-place.ts'
import { inWords } from './validator.ts'

/** A field with its name above it; inside a table the name stands above the column. */
function FieldTemplate(props: FieldTemplateProps) {
  const {
    id,
    label,
    children,
    rawErrors = [],
    required,
    displayLabel,
    hidden,
    fieldPathId,
    schema,
    rawDescription,
  } = props
  const { t, i18n } = useTranslation()
  const live = useIsLive(fieldPathId.path)
  if (hidden) return null
  const own = schema.type === 'object' || schema.type === 'array' || !displayLabel
  // Its list is named above it; which of its entries this is, is read aloud.
  const isItem = typeof fieldPathId.path.at(-1) === 'number'
  const wide = schema.type === 'object' || schema.type === 'array' || schema.type === undefined
  return (
    <div
      data-live={live || undefined}
      className={`field grid min-w-0 grid-cols-1 content-start gap-1 ${wide ? 'col-span-full' : ''}`}
    >
      {own ? null : (
        <label htmlFor={id} className={isItem ? 'sr-only' : 'field-name text-small break-words text-soft'}>
          {label}
          {required ? (
            <span aria-hidden title={t('forms.requiredShort')} className="text-faint">
              {' *'}
            </span>
          ) : null}
        </label>
      )}
      {children}
      {/* Below, so that fields side by side are in line whether they have one or not. */}
      {own ? null : <Hint id={id} text={rawDescription} />}
      {rawErrors.length > 0 ? (
        <p id={troubleId(id)} role="alert" className="text-tiny text-rose">
          {sentences([...new Set(rawErrors)].map(inWords), i18n.language)}
        </p>
      ) : null}
      <ContestedNote path={fieldPathId.path} />
    </div>
  )
}

/** The form itself, a group in it, or a row of a table. */
function ObjectFieldTemplate({ title, properties, fieldPathId, uiSchema, schema }: ObjectFieldTemplateProps) {
  const { row } = getUiOptions(uiSchema)
  const contents = properties.filter(({ hidden }) => !hidden).map(({ content }) => content)
  if (row) return <div className="form-row">{contents}</div>
  const grid = <div className="form-grid">{contents}</div>
  if (fieldPathId.path.length === 0) return grid
  const isItem = typeof fieldPathId.path.at(-1) === 'number'
  return (
    <fieldset
      aria-describedby={schema.description ? hintId(fieldPathId.$id) : undefined}
      className={isItem ? 'min-w-0' : 'min-w-0 rounded-box border border-line p-4 pt-2.5'}
    >
      <legend className={isItem ? 'sr-only' : 'max-w-full px-1 font-medium text-small break-words text-soft'}>
        {title}
      </legend>
      <Hint id={fieldPathId.$id} text={schema.description} />
      {grid}
    </fieldset>
  )
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { title, items, canAdd, onAddClick, readonly, disabled, uiSchema, schema, fieldPathId } = props
  const { t } = useTranslation()
  const columns = Number(getUiOptions(uiSchema).table ?? 0)
  const heads = columns > 0 ? columnHeads(schema.items) : []
  return (
    <fieldset aria-describedby={schema.description ? hintId(fieldPathId.$id) : undefined} className="min-w-0">
      <legend className="max-w-full pb-1 font-medium text-small break-words text-soft">{title}</legend>
      <Hint id={fieldPathId.$id} text={schema.description} />
      <div
        style={columns > 0 ? { ['--columns' as string]: columns } : undefined}
        className={columns > 0 ? 'form-table' : 'grid gap-2'}
      >
        {columns > 0 && items.length > 0 ? (
          <div aria-hidden className="form-row pr-10 text-tiny text-faint">
            {heads.map(({ key, name, hint }) => (
              <span key={key} className="min-w-0">
                <span dir="auto" className="block truncate text-soft">
                  {name}
                </span>
                <span dir="auto" className="block break-words">
                  {hint}
                </span>
              </span>
            ))}
          </div>
        ) : null}
        {items}
      </div>
      {items.length === 0 ? <p className="text-small text-faint">{t('forms.emptyList')}</p> : null}
      {canAdd && !readonly && !disabled ? (
        <Button look="quiet" onClick={onAddClick} className="mt-1.5 -ml-3">
          <PlusIcon aria-hidden className="size-3.5" />
          {t('forms.addItem')}
        </Button>
      ) : null}
    </fieldset>
  )
}

/** What stands above the columns of a table: names, and what is asked for. */
function columnHeads(items: unknown): { key: string; name: string; hint: string | undefined }[] {
  const { properties = {} } = (items ?? {}) as { properties?: Record<string, { title?: string; description?: string }> }
  return Object.entries(properties).map(([key, { title, description }]) => ({
    key,
    name: title ?? key,
    hint: description,
  }))
}

function ArrayFieldItemTemplate({
  children,
  buttonsProps,
  readonly,
  disabled,
  index,
  parentUiSchema,
}: ArrayFieldItemTemplateProps) {
  const { t } = useTranslation()
  const table = Number(getUiOptions(parentUiSchema).table ?? 0) > 0
  const removable = buttonsProps.hasRemove && !readonly && !disabled
  return (
    <div className={`form-item flex items-start gap-2 ${table ? '' : 'rounded-box'}`}>
      <div className="min-w-0 flex-1">{children}</div>
      {removable ? (
        <IconButton
          icon={XIcon}
          label={t('forms.removeItem', { number: index + 1 })}
          onClick={buttonsProps.onRemoveItem}
        />
      ) : (
        <span className="w-8 flex-none" />
      )}
    </div>
  )
}

export const templates = { FieldTemplate, ObjectFieldTemplate, ArrayFieldTemplate, ArrayFieldItemTemplate }
