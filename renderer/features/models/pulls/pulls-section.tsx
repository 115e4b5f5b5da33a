import { useTranslation } from 'react-i18next'
import { PullRow } from './pull-row.tsx'
import { usePulls } from './pulls-store.ts'

/** The models on their way here; nothing while there are none. */
export function PullsSection() {
  const { t } = useTranslation()
  const pulls = usePulls(state => state.pulls)
  if (pulls.length === 0) return null
  return (
    <section aria-label={t('manage.pulls')} className="pt-8">
      <h2 className="font-bold">{t('manage.pulls')}</h2>
      <p className="pb-3 text-small text-soft">{t('manage.pullsHint')}</p>
      <ul className="grid grid-cols-1 gap-2">
        {pulls.map(pull => (
          <PullRow key={pull.model} pull={pull} />
        ))}
      </ul>
    </section>
  )
}
