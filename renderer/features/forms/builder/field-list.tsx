import { PlusIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '../../../../forms/field.ts'
import { showToast } from '../../../state/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { FieldCard } from './field-card.tsx'
import { moved } from './field-changes.ts'
import type { FieldListProps } from './field-list-props.ts'
import { newField } from './kinds.ts'

/** Fields one below the other, each opened by a click; those of a group stand inside it the same way. */
export function FieldList({ label, fields, depth, keepKeys, onChange }: FieldListProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | null>(null)
  const list = useRef<HTMLOListElement>(null)
  /** Puts the focus where the person goes on, after the list is drawn anew. */
  const focusOn = (index: number, part: 'input' | 'button') =>
    requestAnimationFrame(() =>
      list.current?.children[index]?.querySelector<HTMLElement>(part === 'input' ? 'input' : 'button')?.focus(),
    )
  const add = () => {
    onChange(before => [...before, newField()])
    setOpen(fields.length)
    focusOn(fields.length, 'input')
  }
  const remove = (index: number) => {
    const gone = fields[index]
    onChange(before => before.toSpliced(index, 1))
    setOpen(null)
    focusOn(Math.max(0, index - 1), 'button')
    if (!gone || gone.key === '') return
    const undo = () => onChange(before => before.toSpliced(Math.min(index, before.length), 0, gone))
    showToast({
      text: 'forms.fieldDeleted',
      values: { name: gone.title || gone.key },
      action: { label: 'app.undo', perform: undo },
    })
  }
  return (
    <div>
      <ol ref={list} aria-label={label} className="grid grid-cols-1 gap-2">
        {fields.map((field, index) => (
          <FieldCard
            // A field has no name of its own that stays while it is typed; its place does.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={index}
            field={field}
            neighbours={fields}
            depth={depth}
            // A group draws such a list inside itself; were it to import this, the two would import each other.
            list={FieldList}
            keepKey={keepKeys}
            open={open === index}
            onOpen={isOpen => setOpen(isOpen ? index : null)}
            onChange={change => onChange(before => before.map((old, at) => (at === index ? change(old) : old)))}
            onMove={by => {
              onChange(before => moved(before, index, by))
              setOpen(index + by)
            }}
            first={index === 0}
            last={index === fields.length - 1}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <Button
        onClick={add}
        disabled={fields.length >= limits.fields}
        className={`w-full justify-center ${fields.length > 0 ? 'mt-2' : ''}`}
      >
        <PlusIcon aria-hidden className="size-3.5" />
        {t('forms.addField')}
      </Button>
    </div>
  )
}
