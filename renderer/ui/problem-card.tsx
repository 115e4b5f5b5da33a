import { TriangleAlertIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProblemInfo } from '../../preload/contract.ts'
import type { TextKey } from '../i18n/texts.ts'
import { problemWords, type Remedy } from '../state/problem-words.ts'
import { Button } from './button.tsx'
import { isDoubled } from './doubled.ts'

interface Props {
  problem: ProblemInfo
  /** Those of the place where it happened, if they are others. */
  words?: ReturnType<typeof problemWords>
  /** What each remedy does here; one that is not possible here is left out. */
  remedies: Partial<Record<Remedy, () => void>>
  /** What their buttons say here, if that is something else. */
  labels?: Partial<Record<Remedy, TextKey>> | undefined
  /** A line of its own after the general words. */
  note?: string | undefined
}

const usualLabels = {
  'try-again': 'problems.tryAgain',
  'choose-model': 'problems.chooseModel',
  'new-chat': 'problems.newChat',
} as const

/**
 * What happened, what was not lost, and one button that does what helps. The machine's own words stay behind "details".
 */
export function ProblemCard({ problem, words = problemWords(problem), remedies, labels, note }: Props) {
  const { t } = useTranslation()
  const { title, text, remedy } = words
  const mend = remedies[remedy]
  return (
    <div role="alert" className="my-2 flex gap-3 rounded-box border border-line bg-raised p-4">
      <TriangleAlertIcon aria-hidden className="mt-1 text-rose" />
      <div className="min-w-0 flex-1">
        <p className="font-bold">{t(title)}</p>
        <p className="text-row text-soft">{t(text)}</p>
        {note ? <p className="text-row text-soft">{note}</p> : null}
        {mend ? (
          <Button className="mt-3" onClick={event => isDoubled(event) || mend()}>
            {t(labels?.[remedy] ?? usualLabels[remedy])}
          </Button>
        ) : null}
        <details className="mt-3 text-tiny text-faint">
          <summary className="w-fit rounded-small transition-colors hover:text-ink">{t('problems.details')}</summary>
          <pre className="mt-2 max-h-48 overflow-auto rounded-small bg-sunk p-3 font-mono break-words whitespace-pre-wrap text-soft">
            {[problem.message, problem.details].filter(Boolean).join('\n\n')}
          </pre>
        </details>
      </div>
    </div>
  )
}
