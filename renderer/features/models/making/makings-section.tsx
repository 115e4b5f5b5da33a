import { useTranslation } from 'react-i18next'
import type { Making } from '../../../../preload/contract.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { ArrivalRow } from '../arrival-row.tsx'
import { chatWith } from '../chat-with.ts'
import { modelKey } from '../installed-model.ts'
import { useModels } from '../models-store.ts'
import { placeTitle } from '../place-title.ts'
import { Trouble } from '../trouble.tsx'
import { MakingProgress } from './making-progress.tsx'
import { MakingWarnings } from './making-warnings.tsx'
import { makingWords } from './making-words.ts'
import { removeMaking, useMakings } from './makings-store.ts'

/** The models in the making; nothing while there are none. Those that are only tried stand in their own panel. */
export function MakingsSection() {
  const { t } = useTranslation()
  const all = useMakings(state => state.makings)
  const makings = all.filter(({ trial }) => !trial)
  if (makings.length === 0) return null
  return (
    <section aria-label={t('making.makings')} className="pt-8">
      <h2 className="font-bold">{t('making.makings')}</h2>
      {makings.some(({ state }) => state === 'running') ? (
        <p className="text-small text-soft">{t('making.makingsHint')}</p>
      ) : null}
      <ul className="grid grid-cols-1 gap-2 pt-3">
        {makings.map(making => (
          <MakingRow key={making.id} making={making} />
        ))}
      </ul>
    </section>
  )
}

/** One model in the making: how far it is, and what can be done about it. */
export function MakingRow({ making }: { making: Making }) {
  const { t } = useTranslation()
  const { id, model, state, warnings, problem } = making
  const chats = useModels(({ models }) =>
    models?.some(({ name, chats }) => chats && modelKey(name) === modelKey(model)),
  )
  return (
    <ArrivalRow
      name={model}
      isReady={state === 'done'}
      actions={
        <>
          {state === 'done' && chats ? <Button onClick={() => chatWith(model)}>{t('manage.chat')}</Button> : null}
          <Button
            look="quiet"
            onClick={() => {
              // It goes with its row.
              placeTitle()?.focus()
              attempt(() => removeMaking(id))
            }}
          >
            {t(state === 'running' ? 'making.cancel' : 'app.dismiss')}
          </Button>
        </>
      }
    >
      {state === 'running' ? <MakingProgress making={making} name={model} /> : null}
      <MakingWarnings warnings={warnings} />
      {problem ? <Trouble problem={problem} words={makingWords(problem)} /> : null}
    </ArrivalRow>
  )
}
