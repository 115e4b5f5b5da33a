import { TriangleAlertIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProblemInfo } from '../../../preload/contract.ts'
import { sentences } from '../../i18n/format.ts'
import type { ProblemWords } from '../../state/problem-words.ts'

interface Props {
  problem: ProblemInfo
  words: ProblemWords
  note?: string | undefined
  /** What it is about, where the card does not say it. */
  name?: string | undefined
}

/** What went wrong with a model, at the end of its card; the machine's own words stay behind "details". */
export function Trouble({ problem, words, note, name }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <div role="alert" className="mt-3 flex gap-3 border-t border-line pt-3">
      <TriangleAlertIcon aria-hidden className="mt-1 text-rose" />
      <div className="min-w-0 flex-1 text-row">
        {name ? <bdi className="block truncate text-small text-soft">{name}</bdi> : null}
        <p className="font-medium">{t(words.title)}</p>
        <p className="text-soft">{sentences([t(words.text), note ?? null], i18n.language)}</p>
        <details className="mt-2 text-tiny text-faint">
          <summary className="w-fit rounded-small transition-colors hover:text-ink">{t('problems.details')}</summary>
          <p dir="auto" className="pt-1 font-mono break-words text-soft">
            {[problem.message, problem.details].filter(Boolean).join('\n')}
          </p>
        </details>
      </div>
    </div>
  )
}
