import { LoaderIcon, RotateCwIcon, Trash2Icon, Undo2Icon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { percent } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ProblemCard } from '../../../ui/problem-card.tsx'
import { deleteRows, putBack, runAgain } from '../form-actions.ts'
import { toModelPicker } from '../form-model.tsx'
import { formProblemWords } from '../results/form-problem-words.ts'
import { useSourceName } from '../results/source-name.ts'
import { FilledForm } from './filled-form.tsx'

interface Props {
  row: FormRow
  fields: readonly Field[]
  model: string
  /** Puts the row away, where it lies over or beside others. */
  onClose?: () => void
}

/** A row as a form, with how it stands above it. */
export function RowForm({ row, fields, model, onClose }: Props) {
  const { t } = useTranslation()
  const name = useSourceName()(row)
  const busy = row.state === 'running' || row.state === 'waiting'
  const words = row.problem ? formProblemWords(row.problem) : null
  const runThis = () => attempt(() => runAgain(row.formId, model, [row]))
  return (
    <section aria-label={t('forms.filled')} aria-busy={busy} className="min-w-0">
      <div className="-mr-2 flex min-h-8 items-center gap-2 pb-2">
        <h2 dir="auto" className="min-w-0 truncate text-small text-faint">
          {name}
        </h2>
        <RowState row={row} />
        <span className="flex-1" />
        {row.earlier ? (
          <IconButton
            icon={Undo2Icon}
            label={t('forms.putBack')}
            onClick={() => attempt(() => putBack(row.formId, [row]))}
          />
        ) : null}
        {busy ? null : (
          <IconButton icon={RotateCwIcon} label={t('forms.fillAgain')} disabled={model === ''} onClick={runThis} />
        )}
        <IconButton
          icon={Trash2Icon}
          label={t(busy ? 'forms.stopAndDelete' : 'forms.deleteRow')}
          onClick={() => attempt(() => deleteRows(row.formId, [row.id]))}
        />
        {onClose ? <IconButton icon={XIcon} label={t('app.close')} onClick={onClose} /> : null}
      </div>
      {row.problem && words ? (
        <ProblemCard
          problem={row.problem}
          // With the other model chosen, it is to be tried again.
          words={{
            ...words,
            remedy: words.remedy === 'choose-model' && model === row.model ? 'choose-model' : 'try-again',
          }}
          remedies={model === '' ? {} : { 'try-again': runThis, 'choose-model': toModelPicker }}
        />
      ) : null}
      {row.state === 'failed' && !row.answer ? null : <FilledForm fields={fields} row={row} />}
    </section>
  )
}

/** waiting, loading, writing, corrected: in words. */
function RowState({ row }: { row: FormRow }) {
  const { t, i18n } = useTranslation()
  const busy = row.state === 'running' || row.state === 'waiting'
  const words =
    row.state === 'waiting'
      ? t('forms.waiting')
      : row.loading !== null
        ? t('forms.loadingModel', { percent: percent(row.loading, i18n.language) })
        : row.state === 'running'
          ? t('forms.running')
          : row.corrected
            ? t('forms.corrected')
            : ''
  return (
    <span
      role="status"
      className={`flex flex-none items-center gap-1.5 text-tiny ${busy ? 'text-ember-text' : 'text-faint'}`}
    >
      {busy ? <LoaderIcon aria-hidden className="breathe size-3.5" /> : null}
      {words}
    </span>
  )
}
