import { useTranslation } from 'react-i18next'
import type { Making } from '../../../../preload/contract.ts'
import { Progress } from '../../../ui/progress.tsx'
import { stepWords } from './making-words.ts'

/** What is being done to a model, and how far it is. */
export function MakingProgress({ making, name }: { making: Making; name: string }) {
  const { t, i18n } = useTranslation()
  const { completed, total } = making
  return (
    <>
      <Progress label={t('making.progress', { model: name })} fraction={total > 0 ? completed / total : null} live />
      <p className="flex flex-wrap gap-x-3 text-small text-soft tabular-nums">
        {stepWords(making, t, i18n.language).map(words => (
          <span key={words}>{words}</span>
        ))}
      </p>
    </>
  )
}
