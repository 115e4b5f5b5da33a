import { useTranslation } from 'react-i18next'
import type { Form, FormRow } from '../../../../preload/contract.ts'
import { duration } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { problemWords } from '../../../state/problem-words.ts'
import { Button } from '../../../ui/button.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { pauseQueue, resumeQueue, runAgain } from '../form-actions.ts'
import { useForms } from '../forms-store.ts'

/**
 * How far the present batch is, with pause and resume; and the rows that failed, to be tried again. Nothing when all is
 * done.
 */
export function QueueBar({ form, rows, model }: { form: Form; rows: readonly FormRow[]; model: string }) {
  const { t, i18n } = useTranslation()
  const stuck = useForms(state => state.stuck)
  const failed = rows.filter(({ state }) => state === 'failed')
  if (form.waiting === 0 && failed.length === 0) return null
  const done = form.batch - form.waiting
  const progress = t(form.paused ? 'forms.progressPaused' : 'forms.progress', { done, total: form.batch })
  const secondsLeft = form.paused || stuck || form.pace === null ? null : (form.waiting * form.pace) / 1_000
  return (
    <section
      aria-label={t('forms.queue')}
      className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-5 py-2.5"
    >
      {form.waiting > 0 ? (
        <>
          <div className="min-w-40 flex-1">
            <p role="status" className="text-small text-soft tabular-nums">
              {progress}
              {secondsLeft === null ? '' : ` · ${t('manage.left', { time: duration(secondsLeft, i18n.language) })}`}
            </p>
            <Progress label={t('forms.queue')} fraction={done / form.batch} live={!form.paused && !stuck} />
            {stuck ? (
              <p role="alert" className="pt-1 text-small text-rose">
                {t('forms.queueStuck', { reason: t(problemWords(stuck).title) })}
              </p>
            ) : null}
          </div>
          <Button onClick={() => attempt(() => (form.paused ? resumeQueue(form.id) : pauseQueue(form.id)))}>
            {t(form.paused ? 'manage.resume' : 'manage.pause')}
          </Button>
        </>
      ) : null}
      {failed.length > 0 ? (
        <span className="flex items-center gap-3 text-small text-rose">
          {t('forms.failedCount', { count: failed.length })}
          <Button disabled={model === ''} onClick={() => attempt(() => runAgain(form.id, model, failed))}>
            {t('forms.tryFailed', { count: failed.length })}
          </Button>
        </span>
      ) : null}
    </section>
  )
}
