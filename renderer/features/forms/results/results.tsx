import { Table2Icon } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../../forms/field.ts'
import type { Form } from '../../../../preload/contract.ts'
import { Button } from '../../../ui/button.tsx'
import { NothingHere } from '../../../ui/nothing-here.tsx'
import { useRows } from '../rows-store.ts'
import { QueueBar } from './queue-bar.tsx'
import { ResultsTable } from './results-table.tsx'
import { RowPanel } from './row-panel.tsx'

interface Props {
  form: Form
  fields: readonly Field[]
  model: string
  /** To where the form is run. */
  onBegin: () => void
}

/** The rows of a form: how far the queue is, a table, and beside it the source and form of the row that is open. */
export function Results({ form, fields, model, onBegin }: Props) {
  const { t } = useTranslation()
  const byId = useRows(state => state.rows)
  const rows = useMemo(() => [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), [byId])
  const [openId, setOpenId] = useState<string | null>(null)
  const open = openId === null ? undefined : byId.get(openId)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <QueueBar form={form} rows={rows} model={model} />
      {rows.length === 0 && form.waiting === 0 ? (
        <NothingHere icon={Table2Icon} text={t('forms.noRows')}>
          <Button onClick={onBegin}>{t('forms.run')}</Button>
        </NothingHere>
      ) : (
        <div className="flex min-h-0 flex-1">
          <ResultsTable
            form={form}
            fields={fields}
            rows={rows}
            openId={open ? openId : null}
            onOpen={id => setOpenId(before => (before === id ? null : id))}
          />
          {open ? (
            <RowPanel key={open.id} row={open} fields={fields} model={model} onClose={() => setOpenId(null)} />
          ) : null}
        </div>
      )}
    </div>
  )
}
