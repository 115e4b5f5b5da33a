import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { call } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { RowForm } from '../fill/row-form.tsx'

interface Props {
  row: FormRow
  fields: readonly Field[]
  model: string
  onClose: () => void
}

/** The row that is open: its form, and the source it was made from. */
export function RowPanel({ row, fields, model, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <aside
      aria-label={t('forms.openRow')}
      className="slide-in flex w-1/2 min-w-80 flex-none flex-col bar-in-padding overflow-y-auto border-l border-line pt-3 pb-6 pl-5 [--padding:--spacing(5)] max-wide:w-full max-wide:border-l-0"
    >
      <RowForm row={row} fields={fields} model={model} onClose={onClose} />
      <h3 className="pt-6 pb-2 text-small text-faint">{t('forms.source')}</h3>
      <Source row={row} />
    </aside>
  )
}

function Source({ row: { id, source } }: { row: FormRow }) {
  const [text, setText] = useState(source.excerpt)
  useEffect(() => {
    let here = true
    attempt(async () => {
      const whole = await call('forms.source', { rowId: id })
      if (here) setText(whole.text)
    })
    return () => {
      here = false
    }
  }, [id])
  return (
    <div className="grid grid-cols-1 gap-3">
      {source.pictures.map(({ hash, name }) => (
        <img
          key={hash}
          src={`/attachments/${hash}`}
          alt={name}
          className="max-h-96 w-fit max-w-full rounded-small border border-line"
        />
      ))}
      {text ? (
        <p
          dir="auto"
          className="rounded-box border border-line bg-raised p-4 text-row break-words whitespace-pre-wrap text-soft"
        >
          {text}
        </p>
      ) : null}
    </div>
  )
}
