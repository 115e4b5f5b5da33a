import { ArrowDownIcon, ArrowUpIcon, ChevronRightIcon, Trash2Icon } from 'lucide-react'
import { type ComponentType, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Field, fieldName, limits } from '../../../../forms/field.ts'
import { fieldLook } from '../../../ui/field-look.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { renamed, troubleOf } from './field-changes.ts'
import type { FieldListProps } from './field-list-props.ts'
import { fieldWords } from './field-words.ts'
import { kindOf } from './kinds.ts'
import { ShapeEditor } from './shape-editor.tsx'

interface Props {
  field: Field
  /** All fields beside it, itself included. */
  neighbours: readonly Field[]
  depth: number
  list: ComponentType<FieldListProps>
  keepKey: boolean
  open: boolean
  first: boolean
  last: boolean
  onOpen: (open: boolean) => void
  onChange: (change: (field: Field) => Field) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

/** One field: its name and kind; open, all that can be said about it. */
export function FieldCard(props: Props) {
  const { field, neighbours, open, onOpen } = props
  const { t } = useTranslation()
  const { icon: Icon } = kindOf(field.shape.kind)
  const trouble = troubleOf(field, neighbours)
  return (
    <li
      className={`rounded-box border bg-raised ${open ? 'border-line-strong' : trouble ? 'border-amber' : 'border-line'}`}
    >
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onOpen(!open)}
        className="flex min-h-10.5 w-full items-center gap-2.5 rounded-box px-3 py-2 text-left transition-colors hover:bg-hover"
      >
        <Icon aria-hidden className="text-faint" />
        <span dir="auto" className="min-w-0 flex-1 font-medium text-row break-words">
          {fieldName(field) || <span className="text-faint">{t('forms.unnamedField')}</span>}
        </span>
        <span className="max-w-1/2 text-right text-tiny text-soft">{fieldWords(field, t)}</span>
        <ChevronRightIcon
          aria-hidden
          className={`size-3.5 text-faint transition-transform ${open ? 'rotate-90' : ''}`}
        />
      </button>
      {open ? <Editor {...props} /> : null}
    </li>
  )
}

function Editor({ field, neighbours, depth, list, keepKey, first, last, onChange, onMove, onRemove }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const trouble = troubleOf(field, neighbours)
  const ofName = trouble === 'forms.nameMissing' || trouble === 'forms.nameTaken'
  const name = fieldName(field)
  return (
    <div className="grid grid-cols-1 gap-3 border-t border-line px-3 py-3">
      <div className="grid grid-cols-1 gap-1">
        <label htmlFor={`${id}name`} className="text-small text-soft">
          {t('forms.fieldName')}
        </label>
        <input
          id={`${id}name`}
          dir="auto"
          maxLength={limits.name}
          value={field.title ?? field.key}
          placeholder={t('forms.fieldNamePlaceholder')}
          aria-invalid={ofName && field.key !== ''}
          aria-describedby={ofName ? `${id}trouble` : undefined}
          onChange={event => onChange(old => renamed(old, event.target.value, keepKey))}
          className={fieldLook}
        />
        <p
          id={`${id}trouble`}
          role="status"
          className={`text-tiny empty:hidden ${field.key === '' ? 'text-soft' : 'text-amber'}`}
        >
          {ofName ? t(trouble) : ''}
        </p>
      </div>
      <ShapeEditor
        shape={field.shape}
        depth={depth}
        list={list}
        keepKeys={keepKey}
        onChange={change => onChange(old => ({ ...old, shape: change(old.shape) }))}
      />
      <p role="status" className="text-tiny text-amber empty:hidden">
        {trouble && !ofName ? t(trouble) : ''}
      </p>
      <div className="grid grid-cols-1 gap-1">
        <label htmlFor={`${id}hint`} className="text-small text-soft">
          {t('forms.hint')}
        </label>
        <textarea
          id={`${id}hint`}
          dir="auto"
          rows={1}
          maxLength={limits.hint}
          value={field.hint ?? ''}
          placeholder={t('forms.hintPlaceholder')}
          onChange={event => onChange(old => ({ ...old, hint: event.target.value }))}
          className={`${fieldLook} field-sizing-content max-h-40 resize-none`}
        />
      </div>
      <div className="-mr-2 flex flex-wrap items-center gap-1">
        <span className="flex flex-1">
          <Switch
            label={t('forms.required')}
            checked={field.required}
            onChange={required => onChange(old => ({ ...old, required }))}
          />
        </span>
        <IconButton
          icon={ArrowUpIcon}
          label={t('forms.moveUp', { name })}
          disabled={first}
          onClick={() => onMove(-1)}
        />
        <IconButton
          icon={ArrowDownIcon}
          label={t('forms.moveDown', { name })}
          disabled={last}
          onClick={() => onMove(1)}
        />
        <IconButton icon={Trash2Icon} label={t('forms.deleteField', { name })} onClick={onRemove} />
      </div>
      {field.required ? null : <p className="text-tiny text-faint">{t('forms.notRequiredHint')}</p>}
    </div>
  )
}
