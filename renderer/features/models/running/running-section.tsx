import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { duration, fileSize } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { isTrial } from '../installed-model.ts'
import { ModelTitle } from '../model-title.tsx'
import { type RunningModel, unload, useRunning, watchRunning } from './running-store.ts'

/** The models in memory; nothing while there are none. */
export function RunningSection() {
  const { t } = useTranslation()
  const running = useRunning(state => state.running)
  useEffect(watchRunning, [])
  if (running.length === 0) return null
  return (
    <section aria-label={t('manage.running')} className="pt-8">
      <h2 className="pb-3 font-bold">{t('manage.running')}</h2>
      <ul className="divide-y divide-line border-y border-line">
        {running.map(model => (
          <RunningRow key={model.name} model={model} />
        ))}
      </ul>
    </section>
  )
}

function RunningRow({ model: { name, memory, secondsLeft } }: { model: RunningModel }) {
  const { t, i18n } = useTranslation()
  const stays =
    secondsLeft === null ? t('manage.staysOn') : t('manage.stays', { time: duration(secondsLeft, i18n.language) })
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <span dir="auto" className="flex min-w-48 flex-1 items-center gap-2">
        <ModelTitle name={name} />
      </span>
      <span className="text-small text-soft tabular-nums">
        {memory > 0 ? `${t('manage.memory', { size: fileSize(memory, i18n.language) })} · ` : null}
        {stays}
      </span>
      <Button
        aria-label={t('manage.unloadModel', { model: isTrial(name) ? t('making.trialName') : name })}
        onClick={() => attempt(() => unload(name))}
      >
        {t('manage.unload')}
      </Button>
    </li>
  )
}
