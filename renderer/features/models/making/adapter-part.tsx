import { useTranslation } from 'react-i18next'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { ChosenFile } from './chosen-file.tsx'
import { changeDraft, chooseFiles, useDraft } from './draft-store.ts'
import { MishapNote } from './mishap-note.tsx'
import { focusPart, Part } from './part.tsx'

/** A LoRA to lay over the base. */
export function AdapterPart() {
  const { t } = useTranslation()
  const adapter = useDraft(({ draft }) => draft.adapter)
  const wanted = useDraft(({ draft }) => draft.wantedAdapter)
  return (
    <Part title={t('making.adapter')} hint={t('making.adapterHint')}>
      <p role="status" className="text-small break-words text-amber">
        {wanted ? t('making.wantedAdapter', { path: wanted }) : null}
      </p>
      {adapter ? (
        <ChosenFile files={adapter} onRemove={() => changeDraft({ adapter: null })} />
      ) : (
        <div className="flex flex-wrap gap-2 pt-3">
          <Button onClick={() => attempt(() => chooseFiles('file', 'adapter'))}>{t('making.adapterFile')}</Button>
          <Button onClick={() => attempt(() => chooseFiles('folder', 'adapter'))}>{t('making.adapterFolder')}</Button>
          {wanted ? (
            <Button
              look="quiet"
              onClick={({ currentTarget }) => {
                focusPart(currentTarget)
                changeDraft({ wantedAdapter: '' })
              }}
            >
              {t('making.withoutAdapter')}
            </Button>
          ) : null}
        </div>
      )}
      <MishapNote wanted="adapter" />
    </Part>
  )
}
