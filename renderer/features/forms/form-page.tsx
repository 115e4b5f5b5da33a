import { ArrowLeftIcon } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form, FormRow, ProblemInfo } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { DemoNote } from '../models/demo-note.tsx'
import { CannotSee } from '../pictures/cannot-see.tsx'
import { FieldList } from './builder/field-list.tsx'
import { Instructions } from './builder/instructions.tsx'
import { followSources } from './fill/keep-sources.ts'
import { RowForm } from './fill/row-form.tsx'
import { SourceBox } from './fill/source-box.tsx'
import { leaveOutPictures, listed, sourcesOf, useIsReading, useSources } from './fill/sources-store.ts'
import { runForm } from './form-actions.ts'
import { FormMenu } from './form-menu.tsx'
import { FormModelPicker, useFormModel } from './form-model.tsx'
import { formProblemWords } from './results/form-problem-words.ts'
import { Results } from './results/results.tsx'
import { followRows, useRows } from './rows-store.ts'
import { type DraftForm, useFormDraft } from './use-form-draft.ts'

type Tab = 'fill' | 'results'

/** A form: what it asks for, what it is run on, and what came out. */
export function FormPage({ form }: { form: Form }) {
  const { t } = useTranslation()
  // Who comes back to a queue wants to see how far it is, or to let it go on.
  const [tab, setTab] = useState<Tab>(form.waiting > 1 ? 'results' : 'fill')
  const [picked, setPicked] = useState('')
  const model = useFormModel(form, picked)
  const draft = useFormDraft(form)
  useEffect(() => followRows(form.id), [form.id])
  useEffect(() => followSources(form.id), [form.id])
  const reading = useIsReading(form.id)
  // What is dropped on the results is a source as well.
  useEffect(() => {
    if (reading) setTab('fill')
  }, [reading])
  return (
    <main aria-label={draft.draft.name || t('forms.unnamed')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex min-h-(--header) flex-none flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-1.5">
        <IconButton icon={ArrowLeftIcon} label={t('forms.back')} onClick={() => go({ kind: 'forms', formId: null })} />
        <h1 className="sr-only">{draft.draft.name || t('forms.unnamed')}</h1>
        <input
          aria-label={t('forms.formName')}
          dir="auto"
          maxLength={longest.title}
          value={draft.draft.name}
          placeholder={t('forms.unnamed')}
          onChange={event => draft.change(before => ({ ...before, name: event.target.value }))}
          className="h-8 min-w-32 flex-1 basis-40 truncate rounded-small bg-transparent px-2 font-bold hover:bg-hover"
        />
        <FormModelPicker model={model} onPick={setPicked} />
        <Choice
          label={t('forms.view')}
          value={tab}
          choices={[
            { value: 'fill', label: t('forms.fillTab') },
            {
              value: 'results',
              label: form.rows > 0 ? t('forms.resultsTab', { count: form.rows }) : t('forms.results'),
            },
          ]}
          onChange={setTab}
        />
        <FormMenu form={form} draft={draft} model={model.name} />
      </header>
      {tab === 'fill' ? (
        <FillView form={form} draft={draft} model={model} onPick={setPicked} onQueued={() => setTab('results')} />
      ) : (
        <Results form={form} fields={draft.draft.fields} model={model.name} onBegin={() => setTab('fill')} />
      )}
    </main>
  )
}

/** Why the form is not saved as it stands. */
function SaveProblem({ problem }: { problem: ProblemInfo }) {
  const { t } = useTranslation()
  const { title, text } = formProblemWords(problem)
  return (
    <div role="alert" className="mb-3 rounded-box border border-line bg-raised p-3 text-small">
      <p className="font-medium text-rose">{t(title)}</p>
      <p className="text-soft">{t(text)}</p>
      <p className="pt-1 font-mono text-tiny break-words text-faint">{problem.message}</p>
    </div>
  )
}

interface FillProps {
  form: Form
  draft: DraftForm
  model: ReturnType<typeof useFormModel>
  /** Another model is to fill it. */
  onPick: (name: string) => void
  onQueued: () => void
}

/** The fields on one side; a source, and the form filled from it, on the other. */
function FillView({ form, draft, model, onPick, onQueued }: FillProps) {
  const { t } = useTranslation()
  const { fields, instructions } = draft.draft
  const sources = useSources(form.id)
  const [shownId, setShownId] = useState<string | null>(null)
  const rows = useRows(state => state.rows)
  const newest = useMemo(() => [...rows.keys()].reduce((last, id) => (id > last ? id : last), ''), [rows])
  const shown: FormRow | undefined = rows.get(shownId ?? newest)
  const pictures = model.installed?.sees === false ? listed(sources).filter(({ kind }) => kind === 'picture').length : 0
  const missing = !draft.sound
    ? t(fields.length === 0 ? 'forms.noFieldsYet' : 'forms.fieldsUnsound')
    : model.name === ''
      ? t('models.none')
      : null
  const blocked = missing ? (
    <p role="status" className="text-small text-amber">
      {missing}
    </p>
  ) : pictures > 0 ? (
    <CannotSee model={model.name} where="form" onUse={onPick}>
      <Button onClick={() => leaveOutPictures(form.id)}>{t('forms.leaveOutPictures', { count: pictures })}</Button>
    </CannotSee>
  ) : null
  const running = useRef(false)
  const run = () =>
    attempt(async () => {
      // Pressed twice, it would fill the form twice from a source alone.
      if (running.current) return
      running.current = true
      try {
        const { length } = listed(sourcesOf(form.id))
        await draft.save()
        const rowId = await runForm(form.id, model.name)
        if (length > 1) onQueued()
        else setShownId(rowId)
      } finally {
        running.current = false
      }
    })
  return (
    <div className="bar-in-padding min-h-0 flex-1 overflow-y-auto pl-5 [--padding:--spacing(5)]">
      <div className="mx-auto grid max-w-[73.5rem] grid-cols-1 items-start gap-x-8 gap-y-6 py-6 wide:grid-cols-[19rem_minmax(0,1fr)]">
        <section aria-label={t('forms.fields')} className="min-w-0">
          <h2 className="pb-2 text-small text-faint">{t('forms.fields')}</h2>
          {draft.problem ? <SaveProblem problem={draft.problem} /> : null}
          <FieldList
            label={t('forms.fields')}
            fields={fields}
            depth={0}
            keepKeys={form.rows > 0}
            onChange={change => draft.change(before => ({ ...before, fields: change(before.fields) }))}
          />
          <Instructions
            value={instructions}
            onChange={value => draft.change(before => ({ ...before, instructions: value }))}
          />
        </section>
        <div className="grid min-w-0 grid-cols-1 gap-6">
          <SourceBox formId={form.id} blocked={blocked} onRun={run} />
          {model.installed?.demo ? (
            <p className="-mt-3 text-small text-faint">
              <DemoNote where="form" />
            </p>
          ) : null}
          {shown ? <RowForm key={shown.id} row={shown} fields={fields} model={model.name} /> : null}
        </div>
      </div>
    </div>
  )
}
