import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChosenFiles } from '../../../../preload/contract.ts'
import { fileSize } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { Select } from '../../../ui/select.tsx'
import { modelKey } from '../installed-model.ts'
import { useModels } from '../models-store.ts'
import { PullGlance } from '../pulls/pull-glance.tsx'
import { pullReference } from '../pulls/pull-reference.ts'
import { startPull, usePulls } from '../pulls/pulls-store.ts'
import { ChosenFile } from './chosen-file.tsx'
import { type Base, takesProjector } from './draft.ts'
import { changeDraft, chooseFiles, chooseModel, readFacts, useDraft } from './draft-store.ts'
import { MishapNote } from './mishap-note.tsx'
import { ModelfileDialog } from './modelfile-dialog.tsx'
import { Part } from './part.tsx'

/** What the model is made from: one that is here, or files. */
export function BasePart() {
  const { t } = useTranslation()
  const { draft, looking } = useDraft()
  const models = useModels(state => state.models)
  const [pasting, setPasting] = useState(false)
  const paste = useRef<HTMLButtonElement>(null)
  const field = useId()
  const { base, projector, wantedFile } = draft
  const wanted = base?.kind === 'model' ? modelKey(base.model) : undefined
  const chosen = models?.find(({ name }) => modelKey(name) === wanted)
  // What was missing may have come, and what was here may have changed or gone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is what it waits for
  useEffect(() => attempt(readFacts), [models])
  return (
    <Part title={t('making.base')} hint={t('making.baseHint')}>
      <div className="flex flex-wrap items-end gap-2 pt-3">
        <span className="min-w-[min(14rem,100%)] flex-1">
          <label htmlFor={field} className="block pb-1 text-small text-soft">
            {t('making.baseModel')}
          </label>
          <Select
            id={field}
            value={chosen?.name ?? ''}
            onChange={event => chooseModel(event.target.value)}
            className="w-full"
          >
            <option value="" disabled>
              {t('making.choosePlease')}
            </option>
            {models?.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </span>
        <Button className="h-9" onClick={() => attempt(() => chooseFiles('file', 'model'))}>
          {t('making.file')}
        </Button>
        <Button className="h-9" onClick={() => attempt(() => chooseFiles('folder', 'model'))}>
          {t('making.folder')}
        </Button>
        <Button ref={paste} className="h-9" onClick={() => setPasting(true)}>
          {t('making.modelfile')}
        </Button>
      </div>
      <div role="status" className="text-small text-soft">
        {looking ? <p className="pt-2">{t('making.looking')}</p> : null}
        {wantedFile ? (
          <p className="pt-2 break-words text-amber">{t('making.wantedFile', { path: wantedFile })}</p>
        ) : null}
        {chosen ? <Facts /> : null}
      </div>
      {base?.kind === 'model' && models && !chosen ? <NotHere model={base.model} /> : null}
      {base?.kind === 'files' ? (
        <ChosenFile files={base.files} onRemove={() => changeDraft({ base: null, quantize: null })} />
      ) : null}
      {projector ? <Projector projector={projector} base={base} /> : null}
      <MishapNote wanted="model" />
      {pasting ? <ModelfileDialog onClose={() => setPasting(false)} returnTo={() => paste.current} /> : null}
    </Part>
  )
}

/** What the installed model is. */
function Facts() {
  const { t, i18n } = useTranslation()
  const { facts, unread } = useDraft()
  if (unread) return <p className="pt-2 text-rose">{t('making.noFacts')}</p>
  if (!facts) return null
  const { parameterSize, precision, bytes } = facts
  return (
    <p className="pt-2">
      {t('making.facts', { parameters: parameterSize, precision, size: fileSize(bytes, i18n.language) })}
    </p>
  )
}

/** What the model is going to see or hear with, and what is lacking as long as it stands there alone. */
function Projector({ projector, base }: { projector: ChosenFiles; base: Base | null }) {
  const { t } = useTranslation()
  return (
    <>
      <ChosenFile files={projector} onRemove={() => changeDraft({ projector: null })} />
      {takesProjector(base) ? (
        <p className="pt-1 text-small text-soft">{t('making.projector')}</p>
      ) : (
        <p role="alert" className="pt-1 text-small leading-normal text-amber">
          {t('making.projectorAlone')}
        </p>
      )}
    </>
  )
}

/** A Modelfile may name a model that has to be fetched first. */
function NotHere({ model }: { model: string }) {
  const { t } = useTranslation()
  const reference = pullReference(model)
  const coming = usePulls(({ pulls }) =>
    pulls.find(pull => pull.state !== 'done' && modelKey(pull.model) === modelKey(model)),
  )
  return (
    <p className="flex flex-wrap items-center gap-3 pt-2 text-row text-amber">
      <span className="min-w-0 break-words">{t('making.notHere', { model })}</span>
      {coming ? <PullGlance pull={coming} /> : null}
      {reference && !coming ? (
        <Button onClick={() => attempt(() => startPull(reference))}>{t('making.get')}</Button>
      ) : null}
    </p>
  )
}
